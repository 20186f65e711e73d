package io.signalbox.hub.job;

import io.signalbox.hub.bus.Hop;
import io.signalbox.hub.bus.Threshold;
import io.signalbox.hub.command.CommandIds;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.waiting.Wait;
import io.signalbox.hub.waiting.Waits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inside of the room while it is open: its one context, its one timer, and who works in it.
 *
 * <p>Threading: any thread may call; whatever is touched is touched on the context.
 */
final class Room {
  private static final Logger LOG = LoggerFactory.getLogger(Room.class);
  private static final long TICK_MS = 100;
  private static final long TRIM_MS = 60_000;
  private static final Duration SETTLED = Duration.ofHours(1);
  private static final int TRIMMED_AT_A_TIME = 2_000;

  private static final Waits.Sort<Job> SORT = new Waits.Sort<>(Job::id, Job::version, Job::isOver);

  private final Threshold<Room> threshold;
  private final Furnishing furnishing;
  private final Site site;
  private final Waits<Job> waits;
  private final Roster roster;
  private final Office office;
  private @Nullable MessageConsumer<?> steps;
  private Future<?> trimming = Future.succeededFuture();
  private long lastTrim;
  private long timer = -1;

  Room(Vertx vertx, Furnishing furnishing) {
    Context context = vertx.getOrCreateContext();
    this.furnishing = furnishing;
    this.site = new Site(furnishing, vertx, context);
    this.waits =
        new Waits<>(furnishing.settings().waits(), Hop.thread(context), furnishing.clock(), SORT);
    this.roster = new Roster(site, waits);
    this.office = new Office(site, new CommandIds(furnishing.clock()), roster);
    this.threshold = new Threshold<>(Hop.thread(context), this);
  }

  /** Goes on with every job that is not over, then starts the timer. */
  Future<Void> open() {
    return inside(Room::recover);
  }

  /** Whoever waits for a job is answered as it stands, and whoever still comes. */
  Future<Void> drain() {
    return inside(Room::answerAll);
  }

  private Future<Void> answerAll() {
    waits.drain().forEach(this::answerAsItStands);
    return Future.succeededFuture();
  }

  /** Completes what was begun; what comes from now on is refused. */
  Future<Void> close() {
    return inside(Room::leave);
  }

  Office office() {
    return office;
  }

  Roster roster() {
    return roster;
  }

  Waits<Job> waits() {
    return waits;
  }

  /** Does something in here; refuses {@code UNAVAILABLE} once closed. */
  <T> Future<T> inside(Function<Room, Future<T>> deed) {
    return threshold.inside(deed);
  }

  /** Somebody who waits until the job is not as it is known, or the time is over. */
  Wait<Job> holdForNews(String id, Predicate<Job> known, long millis) {
    return held(waits.forNews(id, known, millis));
  }

  /** Somebody who waits until the job is over, or the time is. */
  Wait<Job> holdForEnd(String id, long millis) {
    return held(waits.forEnd(id, millis));
  }

  private Wait<Job> held(Wait<Job> wait) {
    inside(here -> here.waits.enter(wait, () -> here.look(wait.id()))).onFailure(wait::refuse);
    return wait;
  }

  private Future<Job> look(String id) {
    return site.here(furnishing.store().get(id)).map(found -> found.orElseThrow(() -> unknown(id)));
  }

  private Future<Void> recover() {
    // Before the jobs are read: a step between the two would be looked at by nobody.
    steps = furnishing.steps().subscribe(step -> moved(step.command()));
    return site.here(furnishing.store().unfinished()).map(this::goOn);
  }

  private Void goOn(List<String> jobs) {
    jobs.forEach(roster::hire);
    timer = site.vertx().setPeriodic(TICK_MS, tick -> tick());
    return null;
  }

  private void moved(Command command) {
    if (command.job() != null) {
      roster.wake(command.job());
    }
  }

  private void tick() {
    long now = furnishing.clock().monotonicMillis();
    waits.takeDue().forEach(this::answerAsItStands);
    if (trimming.isComplete() && now - lastTrim >= TRIM_MS) {
      trimming = trim(now);
    }
  }

  private void answerAsItStands(Wait<Job> wait) {
    look(wait.id()).onSuccess(wait::answer).onFailure(wait::refuse);
  }

  private Future<?> trim(long now) {
    // A clock that was set ahead forgets nothing before it has been believed for an hour.
    long settled = furnishing.clock().wallMillisBeforeSteps(SETTLED);
    long endedBefore = settled - furnishing.settings().retention().toMillis();
    return site.here(furnishing.store().trim(endedBefore, TRIMMED_AT_A_TIME))
        .onSuccess(forgotten -> lastTrim = forgotten == TRIMMED_AT_A_TIME ? lastTrim : now)
        .onFailure(refused -> LOG.debug("Old jobs cannot be forgotten yet", refused));
  }

  private Future<Void> leave() {
    threshold.close();
    site.vertx().cancelTimer(timer);
    waits.refuseAll(Threshold.unavailable());
    Future<Void> unsubscribed = steps == null ? Future.succeededFuture() : steps.unregister();
    return Future.join(unsubscribed, roster.dismiss(), office.quiet()).mapEmpty();
  }

  static Refusal unknown(String id) {
    return new Refusal(Kind.UNKNOWN_JOB, "there is no job " + id);
  }
}
