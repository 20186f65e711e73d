package io.signalbox.hub.polling.bench;

import io.signalbox.hub.polling.bench.Workload.Bursts;
import java.util.List;

/** The built-in workloads of the benchmark. */
final class Workloads {
  private static final double MINUTE = 60;
  private static final double HOUR = 3_600;
  private static final double DAY = 86_400;

  private Workloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.poisson("10 s", 10),
        Workload.poisson("1 min", MINUTE),
        Workload.poisson("10 min", 10 * MINUTE),
        Workload.poisson("1 h", HOUR),
        Workload.poisson("6 h", 6 * HOUR),
        Workload.poisson("1 d", DAY),
        Workload.batches("Batches of 5, one in 1 h", HOUR, 5),
        Workload.hawkes("Flurries of 5 in a minute, one in 1 h", new Bursts(1 / HOUR, 0.8, 30)),
        Workload.hawkes("Flurries of 10, quick, one in 6 h", new Bursts(1 / (6 * HOUR), 0.9, 20)),
        Workload.hawkes("Flurries of 20, one in 1 d", new Bursts(1 / DAY, 0.95, 60)),
        Workload.hawkes(
            "Flurries of 5, in seconds, one in 2 h", new Bursts(1 / (2 * HOUR), 0.8, 5)),
        Workload.hawkes("Clusters, loose, one in 30 min", new Bursts(1 / (30 * MINUTE), 0.6, 300)),
        Workload.daily("Office hours, 10 per h, else 1 per d", 10 / HOUR, 1 / DAY),
        Workload.daily("Office hours, 1 per h, else 1 per d", 1 / HOUR, 1 / DAY));
  }
}
