package io.signalbox.sim.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the readings one device sent with its history, in any order. Keeps one bit per reading.
 */
final class HistoryComparison {
  private static final FingerprintSeries NOTHING = new FingerprintSeries();

  private final SentReadings sent;
  private final Map<String, BitSet> seenAcked = new HashMap<>();
  private final Map<String, BitSet> seenDoubtful = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long found;
  private long doubled;
  private long altered;
  private long foreign;
  private long unacked;

  HistoryComparison(SentReadings sent) {
    this.sent = sent;
  }

  /** Compares one history entry. */
  void entry(String metric, long ts, long fingerprint) {
    FingerprintSeries acked = sent.acked().getOrDefault(metric, NOTHING);
    int place = acked.find(ts);
    if (place >= 0) {
      acknowledged(metric, ts, fingerprint == acked.value(place), first(seenAcked, metric, place));
      return;
    }
    int doubt = sent.doubtful().getOrDefault(metric, NOTHING).find(ts);
    if (doubt < 0) {
      foreign++;
      example("never sent", metric, ts);
    } else if (first(seenDoubtful, metric, doubt)) {
      unacked++;
    } else {
      doubled++;
      example("doubled", metric, ts);
    }
  }

  private void acknowledged(String metric, long ts, boolean same, boolean first) {
    if (!first) {
      doubled++;
      example("doubled", metric, ts);
    } else if (same) {
      found++;
    } else {
      altered++;
      example("altered", metric, ts);
    }
  }

  private static boolean first(Map<String, BitSet> seen, String metric, int place) {
    BitSet bits = seen.computeIfAbsent(metric, m -> new BitSet());
    boolean first = !bits.get(place);
    bits.set(place);
    return first;
  }

  /** Ends the comparison: readings not seen are missing. */
  VerificationResult end() {
    long acked = 0;
    long missing = 0;
    for (Map.Entry<String, FingerprintSeries> each : sent.acked().entrySet()) {
      FingerprintSeries series = each.getValue();
      BitSet seen = seenAcked.getOrDefault(each.getKey(), new BitSet());
      acked += series.size();
      missing += series.size() - seen.cardinality();
      for (int i = seen.nextClearBit(0); i < series.size(); i = seen.nextClearBit(i + 1)) {
        if (!example("missing", each.getKey(), series.ts(i))) {
          break;
        }
      }
    }
    return new VerificationResult(
        acked, found, missing, doubled, altered, foreign, unacked, List.copyOf(examples));
  }

  private boolean example(String what, String metric, long ts) {
    boolean capacity = examples.size() < VerificationResult.EXAMPLES;
    if (capacity) {
      examples.add(
          what
              + ": "
              + sent.device()
              + " "
              + metric
              + " at "
              + ts
              + " ("
              + Instant.ofEpochMilli(ts)
              + ")");
    }
    return capacity;
  }
}
