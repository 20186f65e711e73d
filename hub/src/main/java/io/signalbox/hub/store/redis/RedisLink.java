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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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

  /** What is wrong when a socket has ended. */
  static final String LOST = "the connection was lost";

  /** The first connection of a process may take longer: many classes are loaded. */
  private static final Duration FIRST_CONNECT = Duration.ofSeconds(5);

  private static final long LOADING_RETRY_MILLIS = 100;

  private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LEAST_BACK_OFF_MILLIS = 50;
  private static final long GREATEST_BACK_OFF_MILLIS = 2_000;

  private final Context context;
  private final RedisSettings settings;
  private final RedisConnector connector;
  private final RedisLinkMetrics metrics = new RedisLinkMetrics();
  private final LinkHealth health;
  private final Queue<PendingCommand> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean draining = new AtomicBoolean();

  /** Scripts that were run, by hash; a new connection begins with making them known. */
  private final Map<String, RedisScript> scripts = new LinkedHashMap<>();

  private @Nullable CommandPipeline pipeline;
  private boolean closed;
  private long sweeper;
  private long lastSweep;

  private RedisLink(Context context, RedisSettings settings) {
    this.context = context;
    this.settings = settings;
    this.connector = new RedisConnector(context.owner(), settings);
    this.health = new LinkHealth(connector.server(), metrics, System::nanoTime);
  }

  /** Connects to a Redis with default settings. */
  public static Future<RedisLink> open(Vertx vertx, String url) {
    return open(vertx, RedisSettings.of(url));
  }

  /**
   * Connects. Fails with an {@link IllegalStateException} within 5 s, or the timeout of a command
   * if that is longer; its message names the server and the reason.
   */
  public static Future<RedisLink> open(Vertx vertx, RedisSettings settings) {
    Context context = vertx.getOrCreateContext();
    RedisLink link = new RedisLink(context, settings);
    Promise<RedisLink> opened = Promise.promise();
    context.runOnContext(turn -> link.start().map(link).onComplete(opened));
    return opened.future();
  }

  private Future<Void> start() {
    Duration limit = longer(FIRST_CONNECT, settings.timeout());
    return connectFirst(limit, System.nanoTime() + limit.toNanos())
        .onSuccess(
            opened -> {
              adopt(opened);
              lastSweep = System.nanoTime();
              long millis = Math.clamp(settings.timeout().toMillis() / 8, 10, 250);
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

  /** A server that has just been started refuses everything while it loads its data. */
  private Future<OpenConnection> connectFirst(Duration limit, long deadline) {
    return connector
        .connect(List.of(), limit)
        .recover(
            failure ->
                RedisFailure.LOADING.words().equals(failure.getMessage())
                        && System.nanoTime() < deadline
                    ? context
                        .owner()
                        .timer(LOADING_RETRY_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(later -> connectFirst(limit, deadline))
                    : Future.failedFuture(failure));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Sends a command; the result is null for a nil reply. */
  public Future<Response> send(Request request) {
    return submit(PendingCommand.of(request));
  }

  /**
   * Sends a command that Redis holds until something happens, such as {@code XREAD BLOCK}. The
   * commands after it wait as well. It must not store anything.
   *
   * @param most for how long Redis holds it
   */
  public Future<Response> sendBlocking(Request request, Duration most) {
    return submit(PendingCommand.withoutEffect(request, most.toNanos()));
  }

  /** Sends a command that stores nothing, whose answer does not wait for replicas. */
  Future<Response> ask(Request request) {
    return submit(PendingCommand.withoutEffect(request, 0));
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
    return submit(PendingCommand.of(script, keys, List.of(args)));
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
      command.result().onComplete(done -> metrics.end());
      submitted.add(command);
      if (draining.compareAndSet(false, true)) {
        context.runOnContext(turn -> drain());
      }
    } else {
      context.runOnContext(turn -> refuse(command, RedisFailure.OVERLOAD));
    }
    return command.result();
  }

  private void drain() {
    draining.set(false);
    long now = System.nanoTime();
    for (PendingCommand command = submitted.poll(); command != null; command = submitted.poll()) {
      RedisScript script = command.script();
      if (script != null) {
        scripts.putIfAbsent(script.sha1(), script);
      }
      if (pipeline == null) {
        refuse(command, RedisFailure.AWAY);
      } else {
        pipeline.send(command, now);
      }
    }
  }

  private void refuse(PendingCommand command, RedisFailure kind) {
    health.failed(kind);
    command.fail(kind.refusal());
    command.complete();
  }

  private void sweep(long periodNanos) {
    long now = System.nanoTime();
    // A loop or a machine that stood still has not read the answers yet.
    boolean late = now - lastSweep > 2 * periodNanos;
    lastSweep = now;
    CommandPipeline current = pipeline;
    if (current == null || late) {
      return;
    }
    if (current.isOverdue(now)) {
      lost(RedisFailure.TIMEOUT.words(), RedisFailure.TIMEOUT);
    } else if (current.isIdle(now, IDLE_NANOS)) {
      ask(Request.cmd(Command.PING)).onSuccess(pong -> metrics.roundTrip(System.nanoTime() - now));
    }
  }

  private void adopt(OpenConnection opened) {
    pipeline =
        new CommandPipeline(
            opened, settings, health, scripts.keySet(), reason -> ended(opened, reason));
    opened.connection().handler(push -> {});
    opened.connection().exceptionHandler(failure -> suspect(opened));
    opened.connection().endHandler(end -> suspect(opened));
  }

  /** A socket has ended: on a cluster perhaps that of a replica, which does not matter. */
  private void suspect(OpenConnection open) {
    if (settings.cluster() && isCurrent(open)) {
      connector.probe(open.connection()).onFailure(down -> ended(open, LOST));
    } else {
      ended(open, LOST);
    }
  }

  private void ended(OpenConnection open, String reason) {
    if (isCurrent(open)) {
      lost(reason, RedisFailure.CLOSED);
    }
  }

  private boolean isCurrent(OpenConnection open) {
    return pipeline != null && pipeline.connection().equals(open);
  }

  private void lost(String reason, RedisFailure kind) {
    CommandPipeline gone = pipeline;
    if (gone != null) {
      pipeline = null;
      health.away(reason);
      gone.abandon(kind);
      connectIn(backOff(0), 1);
    }
  }

  private void connectIn(long millis, int attempt) {
    context.owner().setTimer(millis, id -> connect(attempt));
  }

  private void connect(int attempt) {
    if (closed) {
      return;
    }
    connector
        .connect(List.copyOf(scripts.values()), settings.timeout())
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
          CommandPipeline last = pipeline;
          pipeline = null;
          (last == null ? Future.<Void>succeededFuture() : last.abandon(RedisFailure.CLOSED))
              .onComplete(done);
        });
    return done.future();
  }
}
