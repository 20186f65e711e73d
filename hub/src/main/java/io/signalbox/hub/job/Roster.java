package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.waiting.Waits;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The foremen at work, one for each job that is not over.
 *
 * <p>Threading: the room's context.
 */
final class Roster {
  private final Site site;
  private final Waits<Job> waits;
  private final Map<String, Foreman> foremen = new HashMap<>();

  Roster(Site site, Waits<Job> waits) {
    this.site = site;
    this.waits = waits;
  }

  /** Somebody sees to the job from now on. */
  void hire(String job) {
    Bulletin bulletin = new Bulletin(site.vertx(), site.furnishing().changes(), waits);
    Foreman foreman = new Foreman(job, site, bulletin);
    foremen.put(job, foreman);
    foreman.gone().onSuccess(gone -> foremen.remove(job)).onComplete(gone -> count());
    count();
    foreman.wake();
  }

  /** Something has happened to the job, if it is not over. */
  void wake(String job) {
    @Nullable Foreman foreman = foremen.get(job);
    if (foreman != null) {
      foreman.wake();
    }
  }

  /** How many jobs are not over. */
  int size() {
    return foremen.size();
  }

  /** Nobody begins anything more; succeeds when what was begun is done. */
  Future<Void> dismiss() {
    return Future.join(foremen.values().stream().map(Foreman::dismiss).toList()).mapEmpty();
  }

  private void count() {
    site.furnishing().output().setRunning(foremen.size());
  }
}
