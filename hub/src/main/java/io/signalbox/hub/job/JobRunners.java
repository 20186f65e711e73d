package io.signalbox.hub.job;

import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Job;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The foremen at work, one for each job that is not over.
 *
 * <p>Threading: the room's context.
 */
final class JobRunners {
  private final JobContext jobContext;
  private final HeldRequests<Job> waits;
  private final Map<String, JobRunner> runners = new HashMap<>();

  JobRunners(JobContext jobContext, HeldRequests<Job> waits) {
    this.jobContext = jobContext;
    this.waits = waits;
  }

  /** Somebody sees to the job from now on. */
  void start(String job) {
    ProgressNotifier notifier =
        new ProgressNotifier(jobContext.vertx(), jobContext.dependencies().changes(), waits);
    JobRunner runner = new JobRunner(job, jobContext, notifier);
    runners.put(job, runner);
    runner.done().onSuccess(gone -> runners.remove(job)).onComplete(gone -> count());
    count();
    runner.wake();
  }

  /** Something has happened to the job, if it is not over. */
  void wake(String job) {
    @Nullable JobRunner runner = runners.get(job);
    if (runner != null) {
      runner.wake();
    }
  }

  /** How many jobs are not over. */
  int size() {
    return runners.size();
  }

  /** Nobody begins anything more; succeeds when what was begun is done. */
  Future<Void> stop() {
    return Future.join(runners.values().stream().map(JobRunner::stop).toList()).mapEmpty();
  }

  private void count() {
    jobContext.dependencies().output().setRunning(runners.size());
  }
}
