package io.signalbox.hub.job;

import io.signalbox.hub.command.CommandIds;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes jobs, one after the other: a request that is repeated while the first is still being dealt
 * with finds what the first has made. And takes them back.
 *
 * <p>Threading: the room's context.
 */
final class Office {
  private static final Duration REPEATABLE = Duration.ofHours(24);
  private static final int MOST_PENDING = 64;

  private final Site site;
  private final CommandIds ids;
  private final Roster roster;
  private final Census census;
  private Future<?> before = Future.succeededFuture();
  private int pending;

  Office(Site site, CommandIds ids, Roster roster) {
    this.site = site;
    this.ids = ids;
    this.roster = roster;
    this.census = new Census(site.furnishing().registry());
  }

  /** A new job; it is durable when the future succeeds. A repeated request gets the first's. */
  Future<Job> submit(Draft draft, String by) {
    return inTurn(
        () ->
            repeated(draft)
                .compose(first -> first.isPresent() ? kept(first.get()) : make(draft, by)));
  }

  /** Nothing more is sent; what is with a device goes on. */
  Future<Job> cancel(String job, String by, Precondition precondition) {
    String because = "cancelled by " + by;
    return site.here(site.store().halt(job, Job.State.CANCELLED, because, precondition))
        .onSuccess(halted -> roster.wake(job));
  }

  /** Everything that was asked for until now is done, well or not. */
  Future<Void> quiet() {
    return before.transform(whatever -> Future.succeededFuture());
  }

  private Future<Optional<String>> repeated(Draft draft) {
    JobStore.Token token = draft.token();
    if (token == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return site.here(site.store().original(token.key(), site.since(REPEATABLE)))
        .map(original -> original.map(first -> sameAs(first, token)));
  }

  private static String sameAs(JobStore.Original first, JobStore.Token token) {
    if (!first.fingerprint().equals(token.fingerprint())) {
      throw new Refusal(
          Kind.CONFLICT, "Idempotency-Key", "this key was used for another job: " + first.id());
    }
    return first.id();
  }

  private Future<Job> kept(String id) {
    return site.here(site.store().get(id)).map(found -> found.orElseThrow(() -> Room.unknown(id)));
  }

  private Future<Job> make(Draft draft, String by) {
    int most = site.furnishing().settings().running();
    if (roster.size() >= most) {
      throw new Refusal(Kind.UNAVAILABLE, "%d jobs are not over yet".formatted(most));
    }
    return site.here(census.of(draft.request().whom()))
        .compose(devices -> keep(draft, devices, by));
  }

  private Future<Job> keep(Draft draft, List<String> devices, String by) {
    Job job = draft.job(ids.next(), devices.size(), site.now(), by);
    return site.here(site.store().keep(job, devices, draft.token()))
        .onSuccess(kept -> roster.hire(job.id()))
        .map(job);
  }

  private <T> Future<T> inTurn(Supplier<Future<T>> deed) {
    if (pending >= MOST_PENDING) {
      return Future.failedFuture(new Refusal(Kind.UNAVAILABLE, "too many jobs at a time"));
    }
    pending++;
    Future<T> done = before.transform(whatever -> deed.get());
    before = done;
    return done.onComplete(outcome -> pending--);
  }
}
