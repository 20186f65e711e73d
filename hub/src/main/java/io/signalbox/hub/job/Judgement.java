package io.signalbox.hub.job;

import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Standing;
import io.signalbox.hub.model.Job.Stop;
import io.signalbox.hub.model.Job.Tally;
import java.util.Locale;

/** What is to be done for a job as it stands. Pure: it knows nothing but what it is given. */
sealed interface Judgement {
  /** Commands for so many more devices are to be made. */
  record Send(int most) implements Judgement {}

  /** Too many have failed. */
  record GiveUp(String because) implements Judgement {}

  /** Nothing more is sent: whoever waits is skipped. */
  record Skip() implements Judgement {}

  /** What is still queued is taken back. */
  record Revoke(String because) implements Judgement {}

  /** Everything is dealt with. */
  record End() implements Judgement {}

  /** Nothing; something will happen by itself. */
  record Await() implements Judgement {}

  /** It has ended. */
  record Over() implements Judgement {}

  /**
   * Judges a job.
   *
   * @param inHand for how many devices a command is being made at the moment; the tally may count
   *     them as waiting or as queued, so both are reckoned with
   * @param mostInHand how many that may be
   */
  static Judgement of(Job job, int inHand, int mostInHand) {
    if (job.isOver()) {
      return new Over();
    }
    return switch (job.state()) {
      case RUNNING -> running(job, inHand, mostInHand);
      case DONE, STOPPED, CANCELLED -> inHand > 0 ? new Await() : halted(job);
    };
  }

  private static Judgement running(Job job, int inHand, int mostInHand) {
    Tally tally = job.tally();
    int waiting = tally.of(Standing.WAITING);
    if (inHand == 0 && waiting == 0 && tally.unfinished() == 0) {
      return new End();
    }
    Stop stop = job.order().stop();
    if (stop != null && isTooMuch(stop, tally)) {
      return new GiveUp(why(stop, tally));
    }
    // Refilled by halves, for looking is not free.
    int most = inHand > mostInHand / 2 ? 0 : Math.min(mostInHand - inHand, room(job, inHand));
    return waiting > 0 && most > 0 ? new Send(most) : new Await();
  }

  private static int room(Job job, int inHand) {
    Integer atOnce = job.order().atOnce();
    return atOnce == null ? Integer.MAX_VALUE : atOnce - job.tally().unfinished() - inHand;
  }

  private static Judgement halted(Job job) {
    Tally tally = job.tally();
    if (tally.of(Standing.WAITING) > 0) {
      return new Skip();
    }
    if (tally.of(Standing.QUEUED) > 0) {
      return new Revoke("job " + job.id() + " was " + word(job.state()) + ": " + job.because());
    }
    return tally.unfinished() == 0 ? new End() : new Await();
  }

  private static boolean isTooMuch(Stop stop, Tally tally) {
    return tally.ended() >= stop.after()
        && (double) tally.failures() / tally.ended() >= stop.failureShare();
  }

  private static String why(Stop stop, Tally tally) {
    return "%d of the %d devices that have ended have failed; the limit is a share of %s"
        .formatted(tally.failures(), tally.ended(), stop.failureShare());
  }

  private static String word(Job.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
