package io.signalbox.hub.store.redis;

import io.signalbox.hub.store.redis.RedisConnector.OpenConnection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connection of this node to Redis. Commands are pipelined, so Redis executes them in the order
 * of the calls, and the futures complete in that order. On Redis Cluster that holds for the keys of
 * one hash tag, while its slot is not moved to another node.
 *
 * <p>Failures: a command that Redis cannot execute now fails with {@code UNAVAILABLE} ({@link
 * RedisFailure}); any other error reply is a fault of the program, an {@link
 * IllegalStateException}. If the connection ends, or a command gets no answer in time, all commands
 * that were sent and not answered fail, and <em>their outcome is unknown</em>: Redis may have
 * executed them. What is asked while there is no connection fails at once and was not executed.
 *
 * <p>A link connects again by itself until it is closed: at once to another server, if Sentinels
 * name one. There is no timer per command: a sweep looks at the oldest one a few times within the
 * timeout, and pings an idle server, since a connection whose peer has vanished reports nothing.
 *
 * <p>Threading: any thread may call; futures complete on the link's event loop, which alone touches
 * the state.
 */
public final class RedisLink {
  /** Greatest number of commands under way; those beyond it are refused. */
  static final int MAX_UNDER_WAY = 65_536;

  private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LEAST_BACK_OFF_MILLIS = 50;
  private static final long GREATEST_BACK_OFF_MILLIS = 2_000;

  private final Context context;
  private final RedisConnector connector;
  private final long timeoutNanos;
  private final LinkHealth health;
  private final RedisLinkMetrics metrics = new RedisLinkMetrics();
  private final Queue<PendingCommand> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final Deque<PendingCommand> sent = new ArrayDeque<>();

  /** Scripts that were run, by hash; a new connection begins with making them known. */
  private final Map<String, RedisScript> scripts = new LinkedHashMap<>();

  /** Hashes of scripts that the server knows; on a cluster with the hash tag that they ran for. */
  private final Set<String> known = new HashSet<>();

  private @Nullable OpenConnection connection;
  private boolean closed;
  private long sweeper;
  private long lastSweep;
  private long lastSent;

  private RedisLink(Context context, RedisSettings settings) {
    this.context = context;
    this.connector = new RedisConnector(context.owner(), settings);
    this.timeoutNanos = settings.timeout().toNanos();
    this.health = new LinkHealth(connector.server(), System::nanoTime);
  }

  /** Connects to a Redis with default settings. */
  public static Future<RedisLink> open(Vertx vertx, String url) {
    return open(vertx, RedisSettings.of(url));
  }

  /**
   * Connects. Fails with an {@link IllegalStateException} within the timeout of a command, with a
   * message that names the server and the reason.
   */
  public static Future<RedisLink> open(Vertx vertx, RedisSettings settings) {
    Context context = vertx.getOrCreateContext();
    RedisLink link = new RedisLink(context, settings);
    Promise<RedisLink> opened = Promise.promise();
    context.runOnContext(turn -> link.start().map(link).onComplete(opened));
    return opened.future();
  }

  private Future<Void> start() {
    return connector
        .connect(List.of())
        .onSuccess(
            opened -> {
              adopt(opened);
              lastSweep = System.nanoTime();
              long millis = Math.clamp(timeoutNanos / 1_000_000 / 8, 10, 250);
              sweeper = context.owner().setPeriodic(millis, id -> sweep(millis * 1_000_000));
            })
        .recover(
            failure ->
                Future.failedFuture(
                    new IllegalStateException(
                        "cannot connect to " + connector.server() + ": " + failure.getMessage(),
                        failure)))
        .mapEmpty();
  }

  /** Sends a command; the result is null for a nil reply. */
  public Future<Response> send(Request request) {
    return submit(PendingCommand.of(request, 0));
  }

  /**
   * Sends a command that Redis holds until something happens, such as {@code XREAD BLOCK}. The
   * commands after it wait as well.
   *
   * @param most for how long Redis holds it
   */
  public Future<Response> sendBlocking(Request request, Duration most) {
    return submit(PendingCommand.of(request, most.toNanos()));
  }

  /** Sends several commands, in order; fails with the first failure. */
  public Future<List<Response>> sendAll(List<Request> requests) {
    List<Future<Response>> answers = new ArrayList<>(requests.size());
    requests.forEach(request -> answers.add(send(request)));
    return Future.join(answers).map(all -> all.list());
  }

  /**
   * Runs a script.
   *
   * @param keys all of one partition
   * @param args strings, byte arrays or numbers
   */
  public Future<Response> run(RedisScript script, List<String> keys, Object... args) {
    return submit(PendingCommand.of(script, keys, args));
  }

  /** What is wrong, in a sentence with its duration; null for nothing. */
  public @Nullable String trouble() {
    return health.trouble();
  }

  /** The counters of this link. */
  public RedisLinkMetrics metrics() {
    return metrics;
  }

  private Future<Response> submit(PendingCommand command) {
    if (metrics.begin(MAX_UNDER_WAY)) {
      submitted.add(command);
      if (draining.compareAndSet(false, true)) {
        context.runOnContext(turn -> drain());
      }
    } else {
      metrics.failed(RedisFailure.OVERLOAD);
      context.runOnContext(turn -> command.answer().tryFail(RedisFailure.OVERLOAD.refusal()));
    }
    return command.answer().future();
  }

  private void drain() {
    draining.set(false);
    long now = System.nanoTime();
    for (PendingCommand command = submitted.poll(); command != null; command = submitted.poll()) {
      dispatch(command, now);
    }
  }

  private void dispatch(PendingCommand command, long now) {
    OpenConnection open = connection;
    if (open == null) {
      health.lost(1);
      fail(command, RedisFailure.AWAY);
    } else {
      command.sent(now, timeoutNanos);
      lastSent = now;
      sent.add(command);
      transmit(open, command, isKnown(command) ? command.request() : command.evaluation());
    }
  }

  /** Whether the server knows the script; assumes so from then on, because the text is sent now. */
  private boolean isKnown(PendingCommand command) {
    RedisScript script = command.script();
    if (script == null) {
      return true;
    }
    scripts.putIfAbsent(script.sha1(), script);
    return known.contains(script.sha1())
        || !known.add(connector.isCluster() ? script.sha1() + '@' + command.tag() : script.sha1());
  }

  private void transmit(OpenConnection open, PendingCommand command, Request request) {
    open.connection()
        .send(request)
        .onComplete(reply -> succeeded(command, reply), failure -> failed(open, command, failure));
  }

  private void succeeded(PendingCommand command, @Nullable Response reply) {
    if (command.end()) {
      if (command.script() != null) {
        health.worked();
      }
      removeEnded();
      metrics.end();
      command.answer().complete(reply);
    }
  }

  private void failed(OpenConnection open, PendingCommand command, Throwable failure) {
    if (command.hasEnded()) {
      return;
    }
    RedisFailure kind = RedisFailure.of(failure);
    if (isUnknownScript(command, failure) && open == connection) {
      transmit(open, command, command.evaluation());
      return;
    }
    if (kind.isTroubleOfServer()) {
      health.refused(kind);
    }
    if (kind == RedisFailure.ERROR) {
      fail(command, kind, new IllegalStateException(command.name() + ": " + failure.getMessage()));
    } else {
      fail(command, kind);
    }
    removeEnded();
    if (kind.endsConnection() && open == connection) {
      lost(kind.words(), RedisFailure.CLOSED);
    }
  }

  private static boolean isUnknownScript(PendingCommand command, Throwable failure) {
    return command.script() != null
        && !command.isEvaluated()
        && String.valueOf(failure.getMessage()).startsWith("NOSCRIPT");
  }

  private void fail(PendingCommand command, RedisFailure kind) {
    fail(command, kind, kind.refusal());
  }

  private void fail(PendingCommand command, RedisFailure kind, RuntimeException failure) {
    if (command.end()) {
      metrics.end();
      metrics.failed(kind);
      command.answer().fail(failure);
    }
  }

  private void removeEnded() {
    while (!sent.isEmpty() && sent.getFirst().hasEnded()) {
      sent.removeFirst();
    }
  }

  private void sweep(long periodNanos) {
    long now = System.nanoTime();
    // A loop or a machine that stood still has not read the answers yet.
    boolean late = now - lastSweep > 2 * periodNanos;
    lastSweep = now;
    if (connection == null || late) {
      return;
    }
    PendingCommand oldest = sent.peekFirst();
    if (oldest == null) {
      pingIfIdle(now);
    } else if (oldest.isOverdue(now)) {
      lost(RedisFailure.TIMEOUT.words(), RedisFailure.TIMEOUT);
    }
  }

  private void pingIfIdle(long now) {
    if (now - lastSent >= IDLE_NANOS) {
      send(Request.cmd(Command.PING)).onSuccess(pong -> metrics.roundTrip(System.nanoTime() - now));
    }
  }

  private void adopt(OpenConnection opened) {
    connection = opened;
    known.clear();
    known.addAll(scripts.keySet());
    opened.connection().handler(push -> {});
    opened.connection().exceptionHandler(failure -> ended(opened));
    opened.connection().endHandler(end -> ended(opened));
  }

  private void ended(OpenConnection open) {
    if (open != connection) {
      return;
    }
    if (connector.isCluster()) {
      // A replica may have ended; the nodes that this link needs are those that serve the slots.
      connector.probe(open).onFailure(down -> lostIfCurrent(open));
    } else {
      lostIfCurrent(open);
    }
  }

  private void lostIfCurrent(OpenConnection open) {
    if (open == connection) {
      lost("the connection was lost", RedisFailure.CLOSED);
    }
  }

  private void lost(String reason, RedisFailure kind) {
    OpenConnection gone = connection;
    connection = null;
    if (gone != null && !closed) {
      health.away(reason);
      health.lost(sent.size());
      gone.close();
      connectIn(backOff(0), 1);
    }
    List<PendingCommand> unanswered = List.copyOf(sent);
    sent.clear();
    unanswered.forEach(command -> fail(command, kind));
  }

  private void connectIn(long millis, int attempt) {
    context.owner().setTimer(millis, id -> connect(attempt));
  }

  private void connect(int attempt) {
    if (closed) {
      return;
    }
    connector
        .connect(List.copyOf(scripts.values()))
        .onComplete(
            opened -> reconnected(opened),
            failure -> {
              health.away(String.valueOf(failure.getMessage()));
              connectIn(backOff(attempt), attempt + 1);
            });
  }

  private void reconnected(OpenConnection opened) {
    if (closed) {
      opened.close();
    } else {
      adopt(opened);
      metrics.reconnected();
      health.connected();
    }
  }

  /** Between the half and the whole of a time that doubles with each attempt. */
  private static long backOff(int attempt) {
    long most = Math.min(GREATEST_BACK_OFF_MILLIS, LEAST_BACK_OFF_MILLIS << Math.min(attempt, 10));
    return most - ThreadLocalRandom.current().nextLong(most / 2);
  }

  /** Closes the connection; what is under way fails. */
  public Future<Void> close() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          closed = true;
          context.owner().cancelTimer(sweeper);
          OpenConnection open = connection;
          lost("the link is closed", RedisFailure.CLOSED);
          (open == null ? Future.<Void>succeededFuture() : open.close()).onComplete(done);
        });
    return done.future();
  }
}
