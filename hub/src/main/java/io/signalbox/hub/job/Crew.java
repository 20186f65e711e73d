package io.signalbox.hub.job;

import io.signalbox.hub.command.NewCommand;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Order;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the commands of a job, a few devices in hand at a time. A device is let go of when it is
 * kept what became of it: a command or a refusal. What the hub cannot take just now stays in hand
 * for a second and waits again.
 *
 * <p>Threading: the room's context.
 */
final class Crew {
  private static final Logger LOG = LoggerFactory.getLogger(Crew.class);

  private final Site site;
  private final Runnable whenFree;
  private final Set<String> inHand = new HashSet<>();
  private final Promise<Void> quiet = Promise.promise();
  private int working;
  private boolean leaving;

  Crew(Site site, Runnable whenFree) {
    this.site = site;
    this.whenFree = whenFree;
  }

  /** The devices in hand at this moment. */
  Set<String> inHand() {
    return Set.copyOf(inHand);
  }

  /** Makes the command for a device, or finds out why there can be none. */
  void serve(Job job, String device) {
    inHand.add(device);
    working++;
    site.here(submit(job, device))
        .transform(made -> noted(job, device, made))
        .onComplete(done -> workDone())
        .onSuccess(kept -> letGo(device))
        .onFailure(notNow -> site.vertx().setTimer(Site.REST_MS, rested -> letGo(device)));
  }

  /** Takes nothing more; succeeds when the work that was begun is done. */
  Future<Void> leave() {
    leaving = true;
    whenQuiet();
    return quiet.future();
  }

  private Future<?> submit(Job job, String device) {
    return Future.succeededFuture(job)
        .map(Crew::command)
        .compose(command -> site.furnishing().commands().submit(device, command, job.by()));
  }

  private static NewCommand command(Job job) {
    Order order = job.order();
    return new NewCommand(
            order.name(),
            order.params(),
            order.ttl(),
            order.notBefore(),
            order.collapse(),
            order.metadata(),
            null)
        .partOf(job.id());
  }

  private Future<Void> noted(Job job, String device, AsyncResult<?> made) {
    if (made.succeeded()) {
      site.furnishing().output().countMade();
      return Future.succeededFuture();
    }
    Refusal refusal = refusal(made.cause());
    if (refusal.kind() == Kind.UNAVAILABLE) {
      return Future.failedFuture(refusal);
    }
    return site.here(site.store().refuse(job.id(), Errand.refused(device, refusal)))
        .onSuccess(kept -> site.furnishing().output().countRefused());
  }

  private static Refusal refusal(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal;
    }
    LOG.error("A command of a job could not be made", cause);
    return new Refusal(Kind.INTERNAL, "the hub has failed; its log says how");
  }

  private void workDone() {
    working--;
    whenQuiet();
  }

  private void whenQuiet() {
    if (leaving && working == 0) {
      quiet.tryComplete();
    }
  }

  private void letGo(String device) {
    inHand.remove(device);
    whenFree.run();
  }
}
