package io.signalbox.hub.job;

import io.signalbox.hub.model.Ownership;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The runners of the unfinished jobs that this node owns.
 *
 * <p>Threading: the engine's context; {@link #running} on any thread.
 */
final class JobRunners {
  private final Function<String, JobRunner> newRunner;
  private final Map<String, JobRunner> runners = new HashMap<>();
  private volatile Ownership ownership = Ownership.ALL;
  private volatile int running;

  /** Number of unfinished jobs that other nodes run, when it was read last. */
  private int elsewhere;

  JobRunners(Function<String, JobRunner> newRunner) {
    this.newRunner = newRunner;
  }

  /** Divides the jobs between the nodes from now on. */
  void divideBy(Ownership between) {
    ownership = between;
  }

  Ownership ownership() {
    return ownership;
  }

  /** Whether other nodes may run jobs. */
  boolean isDivided() {
    return !ownership.equals(Ownership.ALL);
  }

  /**
   * Starts a runner for each job that this node owns and that has none, and stops the runners of
   * jobs that it no longer owns. Wakes the others: a job may have been cancelled on another node.
   *
   * @param unfinished the unfinished jobs of all nodes
   */
  void follow(List<String> unfinished) {
    List<String> own = unfinished.stream().filter(ownership::of).toList();
    elsewhere = unfinished.size() - own.size();
    runners.keySet().stream().filter(job -> !ownership.of(job)).toList().forEach(this::leave);
    for (String job : own) {
      JobRunner present = runners.get(job);
      if (present == null) {
        start(job);
      } else {
        present.wake();
      }
    }
  }

  private void leave(String job) {
    JobRunner runner = runners.remove(job);
    if (runner != null) {
      runner.stop();
      count();
    }
  }

  /** A new job is stored; the node that owns it runs it. */
  void created(String job) {
    if (ownership.of(job)) {
      start(job);
    } else {
      elsewhere++;
    }
  }

  private void start(String job) {
    JobRunner runner = newRunner.apply(job);
    runners.put(job, runner);
    runner.done().onSuccess(gone -> runners.remove(job, runner)).onComplete(gone -> count());
    count();
    runner.wake();
  }

  /** Wakes the runner of the job, if it has one here. */
  void wake(String job) {
    JobRunner runner = runners.get(job);
    if (runner != null) {
      runner.wake();
    }
  }

  /** Number of unfinished jobs of all nodes, as far as this one knows. */
  int unfinished() {
    return elsewhere + runners.size();
  }

  /** Number of unfinished jobs of this node. */
  int running() {
    return running;
  }

  private void count() {
    running = runners.size();
  }

  /** Stops all runners; succeeds when their work in progress is finished. */
  Future<Void> stop() {
    return Future.join(runners.values().stream().map(JobRunner::stop).toList()).mapEmpty();
  }
}
