package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.StateHistory;
import io.signalbox.hub.telemetry.StateHistory.Span;
import io.signalbox.hub.telemetry.StateHistory.Total;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reducer of a series' readings, in time order, to spans of equal values. Memory is bounded: with
 * more spans than requested, only the longest-held value per bucket is kept; with very many
 * distinct values, only the first ones have totals. Used once, by one thread.
 */
public final class StateSpanReducer implements SeriesScan.Sink {
  private static final int MAX_VALUES = 1_000;

  private final SeriesRange range;
  private final long end;
  private final int most;
  private final TimeBuckets buckets;
  private final Map<Value, long[]> totals = new HashMap<>();
  private final Map<Value, Long> inBucket = new HashMap<>();
  private final List<Span> coarse = new ArrayList<>();
  private List<Span> spans = new ArrayList<>();
  private boolean tooMany;
  private long other;
  private long bucket;
  private long bucketMillis;
  private long begun = Long.MIN_VALUE;
  private @Nullable Value value;
  private long since;
  private long last = Long.MIN_VALUE;

  /**
   * A reducer of a range.
   *
   * @param now end of the last span, unless the range ends earlier
   * @param most maximum number of spans
   */
  public StateSpanReducer(SeriesRange range, long now, int most) {
    this.range = range;
    this.end = Math.min(range.to(), now);
    this.most = most;
    this.buckets = TimeBuckets.over(range.from(), end > range.from() ? end : range.to(), most);
  }

  @Override
  public boolean point(PointBlock block, int i) {
    Value next = block.value(i);
    last = block.ts(i);
    if (!next.equals(value)) {
      long at = Math.max(last, range.from());
      close(at);
      value = next;
      since = at;
    }
    return true;
  }

  /** The spans, after the last scan. */
  public StateHistory finish() {
    close(Math.max(end, last));
    leaveBucket();
    List<Total> longest =
        totals.entrySet().stream()
            .map(each -> new Total(each.getKey(), each.getValue()[0], each.getValue()[1]))
            .sorted(Comparator.comparingLong(Total::millis).reversed())
            .toList();
    List<Total> shown = longest.subList(0, Math.min(longest.size(), StateHistory.MAX_TOTALS));
    long unlisted = longest.stream().skip(shown.size()).mapToLong(Total::millis).sum();
    return new StateHistory(tooMany ? coarse : spans, tooMany, shown, other + unlisted);
  }

  private void close(long until) {
    Value held = value;
    if (held == null || until <= since) {
      return;
    }
    begun = begun == Long.MIN_VALUE ? since : begun;
    count(held, until - since);
    for (long at = since; at < until; ) {
      long next = Math.min(until, buckets.start(buckets.of(at) + 1));
      inBucket(held, at, next - at);
      at = next;
    }
    if (!tooMany) {
      spans.add(new Span(since, held, until - since));
      tooMany = spans.size() > most;
      spans = tooMany ? List.of() : spans;
    }
  }

  private void count(Value held, long millis) {
    long[] total = totals.get(held);
    if (total == null && totals.size() >= MAX_VALUES) {
      other += millis;
      return;
    }
    if (total == null) {
      total = new long[2];
      totals.put(held, total);
    }
    total[0] += millis;
    total[1]++;
  }

  private void inBucket(Value held, long at, long millis) {
    if (buckets.of(at) != bucket) {
      leaveBucket();
      bucket = buckets.of(at);
    }
    bucketMillis += millis;
    if (inBucket.size() < MAX_VALUES || inBucket.containsKey(held)) {
      inBucket.merge(held, millis, Long::sum);
    }
  }

  /** Ends a bucket: its longest-held value gets the whole duration. */
  private void leaveBucket() {
    Map.Entry<Value, Long> longest = null;
    for (Map.Entry<Value, Long> each : inBucket.entrySet()) {
      longest = longest == null || each.getValue() > longest.getValue() ? each : longest;
    }
    if (longest != null) {
      append(longest.getKey(), bucketMillis);
    }
    inBucket.clear();
    bucketMillis = 0;
  }

  private void append(Value longest, long millis) {
    Span before = coarse.isEmpty() ? null : coarse.getLast();
    if (before != null && before.value().equals(longest)) {
      coarse.set(coarse.size() - 1, new Span(before.from(), longest, before.millis() + millis));
    } else {
      // Spans have no gaps, so the next one starts at the end of the last.
      long from = before == null ? begun : before.from() + before.millis();
      coarse.add(new Span(from, longest, millis));
    }
  }
}
