package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.FailureThreshold;
import java.util.Locale;

/** Decision on the next action for a job. A pure function of its parameters. */
sealed interface JobDecision {
  /** Create commands for up to that many more devices. */
  record Send(int most) implements JobDecision {}

  /** Abort the job: too many devices failed. */
  record GiveUp(String reason) implements JobDecision {}

  /** Skip the waiting devices: no more commands are sent. */
  record Skip() implements JobDecision {}

  /** Cancel the queued commands. */
  record Revoke(String reason) implements JobDecision {}

  /** End the job: all devices are finished. */
  record End() implements JobDecision {}

  /** Wait for the next change. */
  record Await() implements JobDecision {}

  /** The job has ended. */
  record Over() implements JobDecision {}

  /**
   * Decides on a job.
   *
   * @param inFlight number of devices whose command is being created; the counts may include them
   *     as waiting or as queued, so both are considered
   * @param mostInHand maximum of that number
   */
  static JobDecision of(Job job, int inFlight, int mostInHand) {
    if (job.isOver()) {
      return new Over();
    }
    return switch (job.state()) {
      case RUNNING -> running(job, inFlight, mostInHand);
      case DONE, ABORTED, CANCELLED -> inFlight > 0 ? new Await() : halted(job);
    };
  }

  private static JobDecision running(Job job, int inFlight, int mostInHand) {
    Counts jobCounts = job.counts();
    int waiting = jobCounts.of(ExecutionState.WAITING);
    if (inFlight == 0 && waiting == 0 && jobCounts.unfinished() == 0) {
      return new End();
    }
    FailureThreshold abort = job.spec().abort();
    if (abort != null && isTooMuch(abort, jobCounts)) {
      return new GiveUp(why(abort, jobCounts));
    }
    // Refilled by halves, because each evaluation has a cost.
    int most =
        inFlight > mostInHand / 2 ? 0 : Math.min(mostInHand - inFlight, capacity(job, inFlight));
    return waiting > 0 && most > 0 ? new Send(most) : new Await();
  }

  private static int capacity(Job job, int inFlight) {
    Integer maxConcurrent = job.spec().maxConcurrent();
    return maxConcurrent == null
        ? Integer.MAX_VALUE
        : maxConcurrent - job.counts().unfinished() - inFlight;
  }

  private static JobDecision halted(Job job) {
    Counts jobCounts = job.counts();
    if (jobCounts.of(ExecutionState.WAITING) > 0) {
      return new Skip();
    }
    if (jobCounts.of(ExecutionState.QUEUED) > 0) {
      return new Revoke("job " + job.id() + " was " + word(job.state()) + ": " + job.reason());
    }
    return jobCounts.unfinished() == 0 ? new End() : new Await();
  }

  private static boolean isTooMuch(FailureThreshold abort, Counts jobCounts) {
    return jobCounts.ended() >= abort.minFinished()
        && (double) jobCounts.failures() / jobCounts.ended() >= abort.failureRate();
  }

  private static String why(FailureThreshold abort, Counts jobCounts) {
    return "%d of %d finished devices failed; abort.failureRate is %s"
        .formatted(jobCounts.failures(), jobCounts.ended(), abort.failureRate());
  }

  private static String word(Job.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
