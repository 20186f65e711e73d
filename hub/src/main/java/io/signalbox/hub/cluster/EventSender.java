package io.signalbox.hub.cluster;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the presence and job events of this node to the streams; all others are added by the scripts
 * that store what they tell. What comes during one command waits for its reply and is sent
 * together, so the events of a device stay in order. A command that fails is sent again until Redis
 * has answered it: an event may then be in the stream twice.
 *
 * <p>While Redis does not answer, a bounded number of events waits. Beyond that only the newest
 * event of each device and job is kept, and finally the oldest ones are dropped.
 *
 * <p>Threading: any thread may add; the rest is confined to the context.
 */
final class EventSender {
  private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);
  private static final int MAX_WAITING = 65_536;
  private static final int MOST_AT_ONCE = 1_000;
  private static final long RETRY_MILLIS = 200;
  private static final long MAX_CLOSING_MILLIS = 2_000;

  private final Context context;
  private final EventStreams streams;
  private final RedisLink link;

  /** Guarded by this. */
  private Deque<Event> waiting = new ArrayDeque<>();

  /** Guarded by this. */
  private boolean sending;

  private final LongAdder dropped = new LongAdder();
  private final Promise<Void> sent = Promise.promise();
  private volatile boolean closing;
  private volatile boolean closed;

  EventSender(Context context, EventStreams streams, RedisLink link) {
    this.context = context;
    this.streams = streams;
    this.link = link;
  }

  /** Sends an event after those before. */
  void add(Event event) {
    synchronized (this) {
      waiting.add(event);
      if (waiting.size() > MAX_WAITING) {
        shorten();
      }
      if (sending) {
        return;
      }
      sending = true;
    }
    context.runOnContext(turn -> send());
  }

  private void shorten() {
    Map<Object, Event> newest = new LinkedHashMap<>();
    for (Event event : waiting) {
      newest.remove(subject(event));
      newest.put(subject(event), event);
    }
    waiting = new ArrayDeque<>(newest.values());
    long excess = waiting.size() - MAX_WAITING / 2L;
    for (long i = 0; i < excess; i++) {
      waiting.removeFirst();
    }
    if (excess > 0) {
      dropped.add(excess);
      LOG.warn("Dropped {} presence and job events: Redis does not answer", excess);
    }
  }

  private record Subject(String kind, String id) {}

  private static Object subject(Event event) {
    return switch (event) {
      case Event.PresenceChanged change -> new Subject("device", change.device());
      case Event.JobChanged change -> new Subject("job", change.job().id());
      default -> event;
    };
  }

  private void send() {
    Map<String, List<Event>> next = take();
    if (next.isEmpty()) {
      finish();
    } else {
      List<Future<?>> commands = new ArrayList<>();
      next.forEach((stream, events) -> commands.add(send(added(stream, events))));
      Future.join(commands).onComplete(done -> send());
    }
  }

  private void finish() {
    if (closing) {
      sent.tryComplete();
    }
  }

  /** Sends what waits, for a bounded time, and nothing more. */
  Future<Void> close() {
    closing = true;
    synchronized (this) {
      if (!sending) {
        sent.tryComplete();
      }
    }
    Future<?> late = context.owner().timer(MAX_CLOSING_MILLIS, TimeUnit.MILLISECONDS);
    return Future.any(sent.future(), late).onComplete(over -> closed = true).mapEmpty();
  }

  private synchronized Map<String, List<Event>> take() {
    Map<String, List<Event>> taken = new LinkedHashMap<>();
    for (int i = 0; i < MOST_AT_ONCE && !waiting.isEmpty(); i++) {
      Event event = waiting.removeFirst();
      taken.computeIfAbsent(streamOf(event), stream -> new ArrayList<>()).add(event);
    }
    sending = !taken.isEmpty();
    return taken;
  }

  private String streamOf(Event event) {
    return event instanceof Event.PresenceChanged change
        ? streams.of(change.device())
        : streams.global();
  }

  private Request added(String stream, List<Event> events) {
    return Request.cmd(Command.XADD)
        .arg(stream)
        .arg("MAXLEN")
        .arg("~")
        .arg(streams.maxEntries())
        .arg("*")
        .arg("n")
        .arg(streams.node())
        .arg("e")
        .arg(streams.encode(events));
  }

  private Future<Response> send(Request command) {
    return Contexts.resumeOn(context, link.send(command))
        .recover(
            failure ->
                closed
                    ? Future.failedFuture(failure)
                    : context
                        .owner()
                        .timer(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(turn -> send(command)));
  }

  /** Number of events that wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** Number of events that were dropped. */
  long dropped() {
    return dropped.sum();
  }
}
