package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.bench.Pattern.Flurries;
import java.util.List;

/** What the plan is measured on when nobody brings recordings. */
final class Patterns {
  private static final double MINUTE = 60;
  private static final double HOUR = 3_600;
  private static final double DAY = 86_400;

  private Patterns() {}

  static List<Pattern> all() {
    return List.of(
        Pattern.poisson("10 s", 10),
        Pattern.poisson("1 min", MINUTE),
        Pattern.poisson("10 min", 10 * MINUTE),
        Pattern.poisson("1 h", HOUR),
        Pattern.poisson("6 h", 6 * HOUR),
        Pattern.poisson("1 d", DAY),
        Pattern.batches("Batches of 5, one in 1 h", HOUR, 5),
        Pattern.hawkes("Flurries of 5 in a minute, one in 1 h", new Flurries(1 / HOUR, 0.8, 30)),
        Pattern.hawkes("Flurries of 10, quick, one in 6 h", new Flurries(1 / (6 * HOUR), 0.9, 20)),
        Pattern.hawkes("Flurries of 20, one in 1 d", new Flurries(1 / DAY, 0.95, 60)),
        Pattern.hawkes(
            "Flurries of 5, in seconds, one in 2 h", new Flurries(1 / (2 * HOUR), 0.8, 5)),
        Pattern.hawkes("Clusters, loose, one in 30 min", new Flurries(1 / (30 * MINUTE), 0.6, 300)),
        Pattern.daily("Office hours, 10 per h, else 1 per d", 10 / HOUR, 1 / DAY),
        Pattern.daily("Office hours, 1 per h, else 1 per d", 1 / HOUR, 1 / DAY));
  }
}
