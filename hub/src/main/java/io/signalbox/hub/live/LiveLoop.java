package io.signalbox.hub.live;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.admission.Audience;
import io.signalbox.hub.admission.Proof;
import io.signalbox.hub.bus.Hop;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.wire.StreamMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The viewers of one event loop, on all ways: woken together when the feed has grown, however many
 * events that were, and often enough for updates that are held back to come out on time. One timer
 * serves them all; without viewers there is none. What they have shown at the door is looked at
 * again while they stay.
 *
 * <p>Threading: the event loop only, but for {@link #wake}.
 */
public final class LiveLoop {
  private static final long TICK_MILLIS = 20;

  /** Who waits for nothing but the end of a time, or a sign of life, is looked at less often. */
  private static final long TICKS_TO_A_ROUND = 10;

  private static final long TICKS_TO_LOOK_AGAIN = TimeUnit.SECONDS.toMillis(15) / TICK_MILLIS;

  /** What is said in farewell is written in the turns that follow. */
  private static final long FAREWELL_MILLIS = 100;

  private static final Audience VIEWERS =
      new Audience.Holding(List.of(Scope.TELEMETRY_READ, Scope.DEVICES_READ));

  private final Context context;
  private final Gallery gallery;
  private final Set<Viewer> viewers = new LinkedHashSet<>();

  /** Those with a rate, as of the last round. */
  private List<Viewer> rated = List.of();

  private final AtomicBoolean awake = new AtomicBoolean();
  private final Runnable forget;
  private volatile boolean watched;
  private long timer;
  private long ticks;
  private long registryVersion;

  /** Nobody is there yet. */
  public LiveLoop(Context context, Gallery gallery) {
    this.context = context;
    this.gallery = gallery;
    this.forget = gallery.feed().onPage(this::wake);
  }

  Context context() {
    return context;
  }

  Gallery gallery() {
    return gallery;
  }

  Feed feed() {
    return gallery.feed();
  }

  /** Lets somebody in who may see something of the feed; completes here. */
  Future<Principal> admit(HttpServerRequest request, Proof proof) {
    return here(gallery.credentials().admit(request, proof, VIEWERS));
  }

  /** What a viewer wants, as far as it may have it, with the devices looked up; completes here. */
  Future<Subscription> subscription(StreamMessage.Subscribe asked, Principal viewer) {
    EnumSet<Topics> topics = Topics.of(asked.topics(), viewer);
    if (asked.labels().isEmpty()) {
      Set<String> devices = asked.devices().isEmpty() ? null : asked.devices();
      return Future.succeededFuture(
          new Subscription(
              asked.id(),
              new Filter(topics, devices, asked.metrics()),
              asked.rate(),
              asked.after(),
              null));
    }
    Labelled found = new Labelled(gallery.registry(), context, asked.labels(), asked.devices());
    Filter filter = new Filter(topics, found.devices(), asked.metrics());
    return found
        .look(feed().registryVersion())
        .map(new Subscription(asked.id(), filter, asked.rate(), asked.after(), found));
  }

  void add(Viewer viewer) {
    if (viewers.isEmpty()) {
      timer = context.owner().setPeriodic(TICK_MILLIS, tick -> tick());
    }
    viewers.add(viewer);
    watched = true;
  }

  void remove(Viewer viewer) {
    if (viewers.remove(viewer) && viewers.isEmpty()) {
      context.owner().cancelTimer(timer);
    }
    watched = !viewers.isEmpty();
  }

  /**
   * Any thread: there is something new. Whoever comes right now reads the feed when it subscribes.
   */
  private void wake() {
    if (watched && awake.compareAndSet(false, true)) {
      context.runOnContext(turn -> pump());
    }
  }

  private void pump() {
    awake.set(false);
    long now = System.currentTimeMillis();
    List.copyOf(viewers).forEach(viewer -> viewer.pump(now));
  }

  private void tick() {
    long now = System.currentTimeMillis();
    if (registryVersion != feed().registryVersion()) {
      registryVersion = feed().registryVersion();
      List.copyOf(viewers).forEach(Viewer::lookAgain);
    }
    if (++ticks % TICKS_TO_A_ROUND == 0) {
      List.copyOf(viewers).forEach(viewer -> viewer.tick(now));
      rated = viewers.stream().filter(Viewer::isRated).toList();
    } else {
      rated.stream().filter(viewers::contains).forEach(viewer -> viewer.tick(now));
    }
    if (ticks % TICKS_TO_LOOK_AGAIN == 0) {
      List.copyOf(viewers).forEach(this::doubt);
    }
  }

  private void doubt(Viewer viewer) {
    here(gallery.credentials().look(viewer.proof())).onFailure(cause -> revoke(viewer, cause));
  }

  private static void revoke(Viewer viewer, Throwable cause) {
    if (cause instanceof Refusal refusal && refusal.kind() == Kind.UNAUTHENTICATED) {
      viewer.revoke();
    }
  }

  private <T> Future<T> here(Future<T> anywhere) {
    return Hop.to(context, anywhere);
  }

  /** Sends every viewer away; succeeds when what they are told has had the time to be written. */
  public Future<Void> drain() {
    forget.run();
    context.owner().cancelTimer(timer);
    List<Viewer> here = List.copyOf(viewers);
    here.forEach(Viewer::drain);
    return here.isEmpty()
        ? Future.succeededFuture()
        : context.owner().timer(FAREWELL_MILLIS, TimeUnit.MILLISECONDS).mapEmpty();
  }
}
