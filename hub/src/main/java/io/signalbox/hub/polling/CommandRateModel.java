package io.signalbox.hub.polling;

import java.util.Arrays;

/**
 * Model of the rate of one device's commands. {@link PollIntervalPlanner#rhythm} creates it; the
 * caller stores it with the device and passes it to the planner.
 *
 * <p>The expected rate is a mixture of recent rates, with exponential decay over ten, a hundred, a
 * thousand and ten thousand seconds, and of the long-run rate. The weight of each component grows
 * with every command that it predicted better than the others. So a device with independent
 * commands ends with its long-run rate, and one with bursts expects more commands after the first.
 * (This is a self-exciting point process, Hawkes 1971, with fixed kernels whose weights are learned
 * by expectation maximisation, one step per command.) About 140 bytes.
 *
 * <p>Threading: one thread at a time.
 */
public final class CommandRateModel {
  /** Time constants of the recent rates, in seconds. */
  private static final float[] SCALES = {10, 100, 1_000, 10_000};

  private static final int USUAL = SCALES.length;
  private static final float USUAL_SCALE = 7 * 86_400;

  /** Initial weight of all recent rates: three tenths. */
  private static final float INITIAL_BURST_SHARE = 0.3f;

  /** Number of commands over which weights are learned, first and later. */
  private static final int FIRST_MEMORY = 20;

  private static final int MEMORY = 50;

  /** Minimum weight, so that each component can recover. */
  private static final float MIN_SHARE = 0.003f;

  private static final float MIN_USUAL_SHARE = 0.05f;

  /** Commands within this time come from one call, and do not predict one another. */
  private static final long SAME_CALL_MILLIS = 1_000;

  private static final double MUCH_FASTER = 2;

  private final TypePrior type;
  private final float prior;

  /** Recent commands per second, by time constant. */
  private final float[] rates = new float[SCALES.length];

  private final float[] shares;
  private float usualCommands;
  private float usualSeconds;
  private float stretched = 1;
  private int learned;
  private long last;
  private long lastCommand = Long.MIN_VALUE / 2;
  private long nextReport;

  CommandRateModel(TypePrior type, long since) {
    this.type = type;
    this.prior = (float) type.commandsPerSecond();
    this.shares = type.shares();
    this.last = since;
    this.nextReport = since + TypePrior.FIRST_REPORT_MILLIS;
    // A few early polls cost little; a device that is busier than its type costs much. So its first
    // contact counts as a command.
    for (int scale = 0; scale < SCALES.length; scale++) {
      rates[scale] = prior + 1 / SCALES[scale];
    }
  }

  /** The initial weights of an unknown type; the long-run rate's is last. */
  static float[] firstShares() {
    float[] shares = new float[SCALES.length + 1];
    Arrays.fill(shares, INITIAL_BURST_SHARE / SCALES.length);
    shares[USUAL] = 1 - INITIAL_BURST_SHARE;
    return shares;
  }

  TypePolicy policy() {
    return type.policy();
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

  /** The interval with the lowest expected cost of polls and waiting. */
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

  /** Long-run commands per second; the type's expectation counts as one command. */
  private float usual() {
    return (usualCommands + 1) / (usualSeconds + 1 / prior);
  }

  /** Expected commands per second now. */
  private float rate() {
    float rate = shares[USUAL] * usual();
    for (int scale = 0; scale < SCALES.length; scale++) {
      rate += shares[scale] * rates[scale];
    }
    return rate;
  }

  /** Moves each weight towards its component's part of the expected rate at a command. */
  private void learn() {
    learned = Math.min(learned + 1, MEMORY - FIRST_MEMORY);
    float step = 1.0f / (FIRST_MEMORY + learned);
    float rate = rate();
    for (int scale = 0; scale <= USUAL; scale++) {
      float predicted = (scale == USUAL ? usual() : rates[scale]) / rate;
      float min = scale == USUAL ? MIN_USUAL_SHARE : MIN_SHARE;
      shares[scale] = Math.max(min, shares[scale] * (1 + step * (predicted - 1)));
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
