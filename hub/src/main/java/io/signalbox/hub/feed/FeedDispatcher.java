package io.signalbox.hub.feed;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.http.auth.RequiredAccess;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.StreamMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Dispatcher of the feed clients on one event loop, of all transports. It wakes them once per
 * growth of the feed, however many events were added, and often enough for conflated updates to be
 * in time. One timer serves all clients; without clients there is none. It also rechecks their
 * credentials.
 *
 * <p>Threading: the event loop only, except for {@link #wake}.
 */
public final class FeedDispatcher {
  private static final long TICK_MILLIS = 20;

  /** Clients that only wait for a timeout or a heartbeat are ticked this much less often. */
  private static final long TICKS_TO_A_ROUND = 10;

  private static final Duration RECHECK_INTERVAL = Duration.ofSeconds(15);

  /** Smaller than all Vert.x timer ids, which start at 0. */
  private static final long NO_TIMER = -1;

  /** How often the registry is read for a subscription before it is refused. */
  private static final int READS = 3;

  private static final int COME_BACK_SECONDS = 5;
  private static final int LATEST_RETURN_SECONDS = 5;

  private static final RequiredAccess VIEWERS =
      new RequiredAccess.AnyScopeOf(List.of(Scope.TELEMETRY_READ, Scope.DEVICES_READ));

  private final Context context;
  private final EventFeed feed;
  private final DeviceRegistry registry;
  private final HttpAuthenticator authenticator;
  private final FeedMetrics metrics;
  private final long ticksToRecheck;
  private final Set<FeedClient> clients = new LinkedHashSet<>();

  /** Clients with conflation, as of the last tick. */
  private List<FeedClient> conflated = List.of();

  private final AtomicBoolean awake = new AtomicBoolean();
  private final Runnable forget;
  private volatile boolean watched;
  private boolean draining;
  private long timer = NO_TIMER;
  private long ticks;

  /** Creates a dispatcher without clients. */
  public FeedDispatcher(
      Context context,
      EventFeed feed,
      DeviceRegistry registry,
      HttpAuthenticator authenticator,
      FeedMetrics metrics) {
    this(context, feed, registry, authenticator, metrics, RECHECK_INTERVAL);
  }

  /** The same with the interval of credential checks. */
  FeedDispatcher(
      Context context,
      EventFeed feed,
      DeviceRegistry registry,
      HttpAuthenticator authenticator,
      FeedMetrics metrics,
      Duration recheckInterval) {
    this.context = context;
    this.feed = feed;
    this.registry = registry;
    this.authenticator = authenticator;
    this.metrics = metrics;
    this.ticksToRecheck = Math.max(1, recheckInterval.toMillis() / TICK_MILLIS);
    this.forget = feed.onPage(this::wake);
  }

  /** The event loop. */
  public Context context() {
    return context;
  }

  /** Settings of the feed. */
  public FeedSettings settings() {
    return feed.settings();
  }

  /** Metrics of the feed clients of all event loops. */
  public FeedMetrics metrics() {
    return metrics;
  }

  /** Identifies this life of the feed. */
  public String epoch() {
    return feed.epoch();
  }

  /** The time for {@link FeedClient#deliver}: milliseconds of the monotonic clock. */
  public long now() {
    return feed.clock().monotonicMillis();
  }

  /** The wall time sent to clients, in Unix milliseconds. */
  public long wallMillis() {
    return feed.clock().wallMillis();
  }

  /** A random delay before a client reconnects, so that not all clients return at once. */
  public static int retryAfterSeconds() {
    return ThreadLocalRandom.current().nextInt(1, LATEST_RETURN_SECONDS + 1);
  }

  /** Authenticates a request that may read the feed. Completes on this event loop. */
  public Future<Principal> admit(HttpServerRequest request, Credential credential) {
    return onLoop(authenticator.admit(request, credential, VIEWERS));
  }

  /**
   * The subscription of a request, limited to what the caller may read, with its devices looked up.
   * Completes on this event loop.
   */
  public Future<Subscription> subscription(StreamMessage.Subscribe request, Principal client) {
    EnumSet<FeedTopic> topics = FeedTopic.of(request.topics(), client);
    if (request.labels().isEmpty()) {
      Set<String> devices = request.devices().isEmpty() ? null : request.devices();
      return Future.succeededFuture(
          new Subscription(
              request.id(),
              new Filter(topics, devices, request.metrics()),
              request.rate(),
              request.after(),
              null));
    }
    LabelSelection found =
        new LabelSelection(request.labels(), request.devices(), feed.present().read());
    Filter filter = new Filter(topics, found.devices(), request.metrics());
    return found
        .read(registry, context)
        .map(new Subscription(request.id(), filter, request.rate(), request.after(), found));
  }

  /**
   * Subscriptions that can start.
   *
   * @param present where the feed ended before the lookup of their devices, so that no later change
   *     is missed
   */
  public record Prepared(List<Subscription> subscriptions, FeedIterator present) {
    /**
     * Starts each subscription at its cursor, or at the present.
     *
     * @param begin milliseconds of the monotonic clock: the first update of a subscription with a
     *     rate is due one interval later
     */
    public SubscriptionGroup start(long begin) {
      return SubscriptionGroup.start(subscriptions, present, begin);
    }
  }

  /**
   * Prepares subscriptions, and repeats it if the feed has dropped their start in the meantime.
   * Fails with {@code UNAVAILABLE} if it always does. Completes on this event loop.
   */
  public Future<Prepared> prepare(Supplier<List<Future<Subscription>>> subscriptions) {
    return prepare(subscriptions, READS);
  }

  private Future<Prepared> prepare(Supplier<List<Future<Subscription>>> subscriptions, int reads) {
    FeedIterator present = feed.present();
    return Future.all(subscriptions.get())
        .compose(
            found -> {
              if (!present.hasGap()) {
                return Future.succeededFuture(new Prepared(found.list(), present));
              }
              return reads > 1 ? prepare(subscriptions, reads - 1) : Future.failedFuture(tooFast());
            });
  }

  private static Refusal tooFast() {
    String detail =
        "reading the registry takes longer than the feed keeps events;"
            + " raise feed.bufferEvents and feed.bufferMegabytes, or subscribe by device";
    return new Refusal(ErrorCode.UNAVAILABLE, detail).retryIn(COME_BACK_SECONDS);
  }

  /** Adds a client, which is notified of new events from now on. */
  public void add(FeedClient client) {
    if (clients.isEmpty()) {
      timer = context.owner().setPeriodic(TICK_MILLIS, tick -> tick());
    }
    clients.add(client);
    watched = true;
  }

  /** Removes a client; without effect if it is not there. */
  public void remove(FeedClient client) {
    if (clients.remove(client) && clients.isEmpty()) {
      stopTimer();
    }
    watched = !clients.isEmpty();
  }

  private void stopTimer() {
    context.owner().cancelTimer(timer);
    timer = NO_TIMER;
  }

  /** Any thread: new events exist. A client added at this moment reads the feed afterwards. */
  private void wake() {
    if (watched && awake.compareAndSet(false, true)) {
      context.runOnContext(turn -> deliver());
    }
  }

  private void deliver() {
    awake.set(false);
    long now = now();
    List.copyOf(clients).forEach(client -> client.deliver(now));
  }

  private void tick() {
    long now = now();
    if (++ticks % TICKS_TO_A_ROUND == 0) {
      List.copyOf(clients).forEach(client -> client.tick(now));
      conflated = clients.stream().filter(FeedClient::isConflated).toList();
    } else {
      conflated.stream().filter(clients::contains).forEach(client -> client.tick(now));
    }
    if (ticks % ticksToRecheck == 0) {
      List.copyOf(clients).forEach(this::recheckCredentials);
    }
  }

  private void recheckCredentials(FeedClient client) {
    onLoop(authenticator.verify(client.credential())).onFailure(cause -> revoke(client, cause));
  }

  private static void revoke(FeedClient client, Throwable cause) {
    if (cause instanceof Refusal refusal && refusal.kind() == ErrorCode.UNAUTHENTICATED) {
      client.revoke();
    }
  }

  private <T> Future<T> onLoop(Future<T> anywhere) {
    return Contexts.resumeOn(context, anywhere);
  }

  /** Whether the hub is shutting down and holds no requests any more. */
  public boolean isDraining() {
    return draining;
  }

  /** Ends all clients after what the feed has for them, with return times spread over seconds. */
  public void drain() {
    deliver();
    draining = true;
    forget.run();
    stopTimer();
    List.copyOf(clients).forEach(FeedClient::drain);
  }
}
