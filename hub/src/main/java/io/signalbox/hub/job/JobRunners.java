package io.signalbox.hub.job;

import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Job;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runners of all unfinished jobs.
 *
 * <p>Threading: the engine's context.
 */
final class JobRunners {
  private final JobContext jobContext;
  private final HeldRequests<Job> waits;
  private final Map<String, JobRunner> runners = new HashMap<>();

  JobRunners(JobContext jobContext, HeldRequests<Job> waits) {
    this.jobContext = jobContext;
    this.waits = waits;
  }

  /** Starts a runner for the job. */
  void start(String job) {
    ProgressNotifier notifier =
        new ProgressNotifier(jobContext.vertx(), jobContext.dependencies().changes(), waits);
    JobRunner runner = new JobRunner(job, jobContext, notifier);
    runners.put(job, runner);
    runner.done().onSuccess(gone -> runners.remove(job)).onComplete(gone -> count());
    count();
    runner.wake();
  }

  /** Wakes the runner of the job, if it is unfinished. */
  void wake(String job) {
    @Nullable JobRunner runner = runners.get(job);
    if (runner != null) {
      runner.wake();
    }
  }

  /** Number of unfinished jobs. */
  int size() {
    return runners.size();
  }

  /** Stops all runners; succeeds when work in progress is finished. */
  Future<Void> stop() {
    return Future.join(runners.values().stream().map(JobRunner::stop).toList()).mapEmpty();
  }

  private void count() {
    jobContext.dependencies().output().setRunning(runners.size());
  }
}
