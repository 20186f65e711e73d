package io.signalbox.hub.cluster;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.cluster.StreamReader.Found;
import io.signalbox.hub.cluster.StreamReader.Loss;
import io.signalbox.hub.feed.EventFeed;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bridge between this node and the streams of events in Redis.
 *
 * <p>It reads all streams. What other nodes have written is published on the topics of this node as
 * soon as it is read, in the order of its stream, so that of each device in order. All entries go
 * to the feed in the one order of {@link StreamMerge}, a few milliseconds later. In the other
 * direction it adds the presence and job events of this node to the streams ({@link EventSender}).
 *
 * <p>While nothing happens it waits in Redis ({@code XREAD BLOCK}), then it reads until nothing is
 * left to deliver. After a lost connection it reads on from its last entries. If some are missing,
 * the feed starts anew from what the streams have, and the listener of {@link #onGap} hears of it.
 *
 * <p>Threading: confined to the context of {@link #start}; metrics may be read by any thread.
 */
public final class EventBridge {
  private static final Logger LOG = LoggerFactory.getLogger(EventBridge.class);
  private static final long RETRY_MILLIS = 200;
  private static final long COMPARE_MILLIS = 1_000;

  /** Entries of the present millisecond are read again after this time. */
  private static final long MERGE_MILLIS = 1;

  /** The same while every read finds entries, so that each finds more of them. */
  private static final long BUSY_MILLIS = 2;

  private final Context context;
  private final HubClock clock;
  private final BridgeLinks links;
  private final List<List<Integer>> groups;
  private final StreamReader reader;
  private final EventDelivery delivery;
  private final EventSender sender;
  private final Promise<Void> started = Promise.promise();
  private final boolean[] blocked;
  private volatile Runnable gapListener = () -> {};
  private volatile boolean connected;
  private volatile boolean idle;
  private volatile boolean closed;
  private boolean opened;
  private @Nullable String trouble;

  /** Why it opens next. */
  private Loss loss = Loss.NOTHING;

  /** When all streams were last compared with what was read of them. */
  private long comparedAt;

  /**
   * A bridge that does nothing yet.
   *
   * @param links to the Redis of the streams
   * @param topics that hear of the events of other nodes
   */
  public EventBridge(
      Vertx vertx,
      HubClock clock,
      EventStreams streams,
      BridgeLinks links,
      EventFeed feed,
      BridgedTopics topics) {
    this.context = vertx.getOrCreateContext();
    this.clock = clock;
    this.links = links;
    this.reader = new StreamReader(streams, links.reading());
    this.groups = links.groups(reader.count());
    this.blocked = new boolean[groups.size()];
    this.sender = new EventSender(context, streams, links.writing());
    Consumer<Event> outgoing = sender::add;
    topics.listen(outgoing);
    this.delivery =
        new EventDelivery(context, clock, reader, feed, entry -> topics.publish(entry, outgoing));
  }

  /**
   * Starts reading. Completes when the feed has what the streams have. What other nodes write from
   * now on is published on the topics, so services read their stores afterwards.
   */
  public Future<Void> start() {
    context.runOnContext(turn -> run());
    return started.future();
  }

  /**
   * Calls the listener, on the context, when events of other nodes were lost: what this node
   * remembers may be outdated. Later events are published afterwards.
   */
  public void onGap(Runnable listener) {
    gapListener = listener;
  }

  private void run() {
    if (!closed) {
      (opened ? read() : open()).onSuccess(done -> next()).onFailure(this::failed);
    }
  }

  private Future<Void> open() {
    return delivery.open(groups, loss).onSuccess(done -> opened = true);
  }

  private Future<Void> read() {
    long now = clock.monotonicMillis();
    boolean all = now - comparedAt >= COMPARE_MILLIS;
    comparedAt = all ? now : comparedAt;
    List<List<Integer>> wanted =
        groups.stream().map(delivery::wanted).filter(group -> !group.isEmpty()).toList();
    List<Future<Found>> reads = new ArrayList<>();
    wanted.forEach(group -> reads.add(reader.read(group, delivery.after(group), all)));
    return Contexts.resumeOn(context, Future.join(reads))
        .compose(found -> deliver(wanted, found.list()));
  }

  private Future<Void> deliver(List<List<Integer>> read, List<Found> found) {
    Loss most = found.stream().map(Found::loss).max(Comparator.naturalOrder()).orElseThrow();
    if (most == Loss.NOTHING) {
      return delivery.deliver(read, found);
    }
    LOG.warn(
        "Events of other nodes were lost: {}. The feed starts anew",
        most == Loss.TRIMMED
            ? "this node was behind what the streams keep"
            : "Redis does not have what this node has read");
    loss = most;
    opened = false;
    gapListener.run();
    return Future.succeededFuture();
  }

  private void next() {
    if (trouble != null) {
      LOG.info("The streams of events are read again");
      trouble = null;
    }
    connected = true;
    if (!opened || delivery.hasMore()) {
      context.runOnContext(turn -> run());
      return;
    }
    started.tryComplete();
    if (delivery.isWaiting()) {
      after(delivery.isBusy() ? BUSY_MILLIS : MERGE_MILLIS, this::run);
    } else {
      await();
    }
  }

  private void failed(Throwable failure) {
    interrupted(failure);
    after(RETRY_MILLIS, this::run);
  }

  private void interrupted(Throwable failure) {
    if (!closed && !failure.toString().equals(trouble)) {
      LOG.warn("Cannot read the streams of events: {}", failure.toString());
      trouble = failure.toString();
    }
    connected = false;
    comparedAt = 0;
  }

  private void after(long millis, Runnable then) {
    context.owner().timer(millis, TimeUnit.MILLISECONDS).onSuccess(turn -> then.run());
  }

  /** Waits for entries on all connections that do not wait yet. */
  private void await() {
    idle = true;
    IntStream.range(0, blocked.length).filter(number -> !blocked[number]).forEach(this::await);
  }

  private void await(int number) {
    blocked[number] = true;
    List<Integer> group = groups.get(number);
    RedisLink link = links.waiting().get(number);
    Contexts.resumeOn(context, reader.await(link, group, delivery.after(group)))
        .onComplete(
            done -> {
              blocked[number] = false;
              if (done.succeeded()) {
                wake();
              } else {
                interrupted(done.cause());
                after(RETRY_MILLIS, this::wake);
              }
            });
  }

  private void wake() {
    if (idle) {
      idle = false;
      run();
    }
  }

  /** Whether Redis answers. */
  public boolean isConnected() {
    return connected;
  }

  /** How long ago that was stored of which the feed has everything, in milliseconds. */
  public long lagMillis() {
    return connected && idle ? 0 : Math.max(0, clock.wallMillis() - delivery.complete());
  }

  /** Number of entries that were read from the streams. */
  public long entries() {
    return delivery.entries();
  }

  /** Number of events of this node that wait for Redis. */
  public int waiting() {
    return sender.waiting();
  }

  /** Number of events of this node that were dropped, because Redis did not answer for long. */
  public long dropped() {
    return sender.dropped();
  }

  /** Sends the events of this node that wait, for a bounded time, and stops reading. */
  public Future<Void> close() {
    return sender.close().onComplete(done -> closed = true);
  }
}
