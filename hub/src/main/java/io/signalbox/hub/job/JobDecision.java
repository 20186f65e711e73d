package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.FailureThreshold;
import java.util.Locale;

/** What is to be done for a job as it stands. Pure: it knows nothing but what it is given. */
sealed interface JobDecision {
  /** Commands for so many more devices are to be made. */
  record Send(int most) implements JobDecision {}

  /** Too many have failed. */
  record GiveUp(String reason) implements JobDecision {}

  /** Nothing more is sent: whoever waits is skipped. */
  record Skip() implements JobDecision {}

  /** What is still queued is taken back. */
  record Revoke(String reason) implements JobDecision {}

  /** Everything is dealt with. */
  record End() implements JobDecision {}

  /** Nothing; something will happen by itself. */
  record Await() implements JobDecision {}

  /** It has ended. */
  record Over() implements JobDecision {}

  /**
   * Judges a job.
   *
   * @param inFlight for how many devices a command is being made at the moment; the tally may count
   *     them as waiting or as queued, so both are reckoned with
   * @param mostInHand how many that may be
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
    // Refilled by halves, for looking is not free.
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
