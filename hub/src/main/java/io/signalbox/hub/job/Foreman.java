package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Standing;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees one job through. Whenever something has changed it looks at the job as it is kept, and does
 * what {@link Judgement} says; one look follows the other, and what happens meanwhile asks for one
 * more. It knows nothing that is not kept but whom its crew has in hand, so another foreman can go
 * on after a restart where this one stood: who has a command does not wait any more.
 *
 * <p>Threading: the room's context.
 */
final class Foreman {
  private static final Logger LOG = LoggerFactory.getLogger(Foreman.class);

  /** Between two looks, so that a rush of changes is looked at together. */
  private static final long PAUSE_MS = 10;

  private static final int SKIPPED_AT_A_TIME = 2_000;

  private final String id;
  private final Site site;
  private final Bulletin bulletin;
  private final Crew crew;
  private final Promise<Void> gone = Promise.promise();
  private Future<?> present = Future.succeededFuture();
  private boolean looking;
  private boolean wanted;
  private boolean dismissed;
  private boolean troubled;

  Foreman(String id, Site site, Bulletin bulletin) {
    this.id = id;
    this.site = site;
    this.bulletin = bulletin;
    this.crew = new Crew(site, this::wake);
  }

  /** Succeeds when the job is over, or there is none any more. */
  Future<Void> gone() {
    return gone.future();
  }

  /** Something has changed: looks soon. */
  void wake() {
    wanted = true;
    if (!looking && !dismissed) {
      look();
    }
  }

  /** Begins nothing more; succeeds when what was begun is done. */
  Future<Void> dismiss() {
    dismissed = true;
    return Future.join(present, crew.leave()).mapEmpty();
  }

  private void look() {
    looking = true;
    wanted = false;
    // Before the job is read: whom the crew lets go of meanwhile may not be counted in it yet.
    Set<String> inHand = crew.inHand();
    present =
        site.here(site.store().get(id))
            .compose(found -> judged(found, inHand))
            .onComplete(this::pause);
  }

  private Future<Void> judged(Optional<Job> found, Set<String> inHand) {
    if (found.isEmpty()) {
      return leave();
    }
    Job job = found.get();
    bulletin.note(job);
    int most = site.furnishing().settings().inHand();
    return switch (Judgement.of(job, inHand.size(), most)) {
      case Judgement.Send send -> send(job, send.most(), inHand);
      case Judgement.GiveUp much -> again(stop(much.because()));
      case Judgement.Skip skip -> again(site.store().skip(id, SKIPPED_AT_A_TIME));
      case Judgement.Revoke revoke -> again(revoke(revoke.because(), most));
      case Judgement.End end -> again(site.store().end(id, site.now()));
      case Judgement.Await await -> Future.succeededFuture();
      case Judgement.Over over -> leave();
    };
  }

  /** Whom the crew has in hand may still be kept as waiting. */
  private Future<Void> send(Job job, int most, Set<String> inHand) {
    return next(Standing.WAITING, most + inHand.size())
        .map(
            errands -> {
              errands.stream()
                  .map(Errand::device)
                  .filter(device -> !inHand.contains(device))
                  .limit(most)
                  .forEach(device -> crew.serve(job, device));
              return null;
            });
  }

  private Future<Job> stop(String because) {
    return site.store().halt(id, Job.State.STOPPED, because, Precondition.NONE);
  }

  private Future<?> revoke(String because, int most) {
    return next(Standing.QUEUED, most).compose(queued -> revoke(queued, because));
  }

  private Future<?> revoke(List<Errand> queued, String because) {
    return Future.join(queued.stream().map(errand -> revoke(errand, because)).toList());
  }

  /** One that is handed out at this very moment is with the device, and goes on. */
  private Future<Void> revoke(Errand errand, String because) {
    String command = Objects.requireNonNull(errand.command());
    return site.furnishing()
        .commands()
        .revoke(command, because)
        .<Void>mapEmpty()
        .recover(
            refused -> isLater(refused) ? Future.failedFuture(refused) : Future.succeededFuture());
  }

  private static boolean isLater(Throwable refused) {
    return refused instanceof Refusal refusal && refusal.kind() == Refusal.Kind.UNAVAILABLE;
  }

  private Future<List<Errand>> next(Standing standing, int most) {
    return site.here(site.store().errands(id, Set.of(standing), null, most))
        .map(page -> page.items());
  }

  private Future<Void> again(Future<?> deed) {
    return site.here(deed).onSuccess(done -> wanted = true).mapEmpty();
  }

  private Future<Void> leave() {
    dismissed = true;
    gone.tryComplete();
    return Future.succeededFuture();
  }

  private void pause(AsyncResult<?> looked) {
    if (looked.failed()) {
      wanted = true;
      sayOnce(looked.cause());
    }
    troubled = looked.failed();
    site.vertx().setTimer(looked.succeeded() ? PAUSE_MS : Site.REST_MS, rested -> rested());
  }

  private void sayOnce(Throwable cause) {
    if (!troubled) {
      LOG.warn("Job {} cannot go on yet: {}", id, cause.getMessage());
    }
  }

  private void rested() {
    looking = false;
    if (wanted && !dismissed) {
      look();
    }
  }
}
