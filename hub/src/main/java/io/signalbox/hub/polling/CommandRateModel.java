package io.signalbox.hub.polling;

import java.util.Arrays;

/**
 * How one device's commands come: made by {@link PollIntervalPlanner#rhythm}, to be kept with the
 * device and given back to the plan.
 *
 * <p>The rate at which commands are to be expected is a mixture: what came lately, counted over ten
 * seconds, a hundred, a thousand and ten thousand, each forgotten exponentially, and what comes in
 * the long run. The share of each grows with every command that it foretold better than the others.
 * So a device whose commands come one by one is left with its long-run rate, and one whose commands
 * come in flurries expects more as soon as one is there. (That is a self-exciting point process,
 * Hawkes 1971, with a few fixed kernels whose weights are learned by expectation maximisation, one
 * step for each command.) About 140 bytes.
 *
 * <p>Threading: one thread at a time.
 */
public final class CommandRateModel {
  /** Time constants of what came lately, s. */
  private static final float[] SCALES = {10, 100, 1_000, 10_000};

  private static final int USUAL = SCALES.length;
  private static final float USUAL_SCALE = 7 * 86_400;

  /** At the beginning three tenths of the commands are taken to be due to others. */
  private static final float SHARE_OF_FLURRIES = 0.3f;

  /** Shares are learned from about so many commands, at the beginning and ever after. */
  private static final int FIRST_LESSONS = 20;

  private static final int LESSONS = 50;

  /** No share is ever lost for good. */
  private static final float LEAST_SHARE = 0.003f;

  private static final float LEAST_USUAL_SHARE = 0.05f;

  /** Commands that come together are one call: they do not foretell one another. */
  private static final long SAME_CALL_MILLIS = 1_000;

  private static final double MUCH_FASTER = 2;

  private final TypePrior type;
  private final float prior;

  /** Commands a second by each scale: what came within it, the older the less. */
  private final float[] rates = new float[SCALES.length];

  private final float[] shares;
  private float usualCommands;
  private float usualSeconds;
  private float stretched = 1;
  private int lessons;
  private long last;
  private long lastCommand = Long.MIN_VALUE / 2;
  private long nextReport;

  CommandRateModel(TypePrior type, long since) {
    this.type = type;
    this.prior = (float) type.commandsPerSecond();
    this.shares = type.shares();
    this.last = since;
    this.nextReport = since + TypePrior.FIRST_REPORT_MILLIS;
    // Little is lost by a few early polls, much if the device is busier than its type: its coming
    // counts as a command.
    for (int scale = 0; scale < SCALES.length; scale++) {
      rates[scale] = prior + 1 / SCALES[scale];
    }
  }

  /** The shares of a type of which nothing is known, the long run's last. */
  static float[] firstShares() {
    float[] shares = new float[SCALES.length + 1];
    Arrays.fill(shares, SHARE_OF_FLURRIES / SCALES.length);
    shares[USUAL] = 1 - SHARE_OF_FLURRIES;
    return shares;
  }

  TypePolicy terms() {
    return type.terms();
  }

  float stretched() {
    return stretched;
  }

  void stretched(double factor) {
    stretched = (float) factor;
  }

  void recordArrival(long at) {
    age(at);
    if (at - lastCommand >= SAME_CALL_MILLIS) {
      learn();
    }
    lastCommand = at;
    usualCommands += 1;
    for (int scale = 0; scale < SCALES.length; scale++) {
      rates[scale] += 1 / SCALES[scale];
    }
  }

  /** The interval at which polls and waiting are expected to cost least together. */
  IntervalProposal propose(double pollCost, long now) {
    age(now);
    if (now >= nextReport) {
      nextReport = now + TypePrior.REPORT_MILLIS;
      type.learn(usual(), shares);
    }
    double millis = 1_000 * new RateForecast(SCALES, rates, shares, usual()).cheapest(pollCost);
    return new IntervalProposal(
        millis, rate() > MUCH_FASTER * usual() ? PollReason.RECENT : PollReason.IDLE);
  }

  /** Commands a second in the long run; the expectation of the type counts as one command. */
  private float usual() {
    return (usualCommands + 1) / (usualSeconds + 1 / prior);
  }

  /** Commands a second to be expected now. */
  private float rate() {
    float rate = shares[USUAL] * usual();
    for (int scale = 0; scale < SCALES.length; scale++) {
      rate += shares[scale] * rates[scale];
    }
    return rate;
  }

  /** A command came: each share moves towards the part of the expectation that was its own. */
  private void learn() {
    lessons = Math.min(lessons + 1, LESSONS - FIRST_LESSONS);
    float step = 1.0f / (FIRST_LESSONS + lessons);
    float rate = rate();
    for (int scale = 0; scale <= USUAL; scale++) {
      float foretold = (scale == USUAL ? usual() : rates[scale]) / rate;
      float least = scale == USUAL ? LEAST_USUAL_SHARE : LEAST_SHARE;
      shares[scale] = Math.max(least, shares[scale] * (1 + step * (foretold - 1)));
    }
    float sum = 0;
    for (float share : shares) {
      sum += share;
    }
    for (int scale = 0; scale <= USUAL; scale++) {
      shares[scale] /= sum;
    }
  }

  private void age(long now) {
    if (now <= last) {
      return;
    }
    float seconds = (now - last) / 1_000f;
    last = now;
    for (int scale = 0; scale < SCALES.length; scale++) {
      rates[scale] *= (float) Math.exp(-seconds / SCALES[scale]);
    }
    float left = (float) Math.exp(-seconds / USUAL_SCALE);
    usualCommands *= left;
    usualSeconds = USUAL_SCALE - (USUAL_SCALE - usualSeconds) * left;
  }
}
