package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Store of readings.
 *
 * <p>Contract: a message that an append has stored survives the death of the process at any later
 * moment, completely and exactly once; one that it has refused with {@code UNAVAILABLE} is not
 * stored, and the same readings may be appended again. Only if the connection to a store was lost
 * may a refused message be stored; appending it again changes nothing then. A message is stored
 * whole or not at all; a batch may be stored in part. A reading is identified by (device, metric,
 * ts): the value appended last wins. Late readings are stored in their place and never replace a
 * newer latest value. Messages of a device become durable in the order in which they were appended.
 * Queries see every message that was stored before the query. Every append is answered, also by a
 * store that is broken or closed.
 *
 * <p>One instance writes: the embedded store's file has one writer by design, so the contract suite
 * runs with one. A store that several nodes write to has to be tested with two as well.
 *
 * <p>Threading: any thread may call; futures complete on a store thread, and callers switch to
 * their own context.
 */
public interface TelemetryStore {
  /**
   * Appends a batch; succeeds with the outcome of each message when none is open any more. Fails if
   * nothing of the batch is stored, for one reason, such as {@code UNAVAILABLE} on a full disk.
   */
  Future<BatchResult> append(TelemetryBatch batch);

  /** The newest reading of each metric, by device; devices without readings are omitted. */
  Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices);

  /** The stored metrics of a device, by name. */
  Future<List<MetricSummary>> metrics(String device);

  /** Raw readings of a series, oldest first, at most {@code limit} from the start of the range. */
  Future<List<Point>> read(SeriesRange range, int limit);

  /**
   * The series reduced to at most {@code points} buckets of the range (two readings per bucket for
   * minmax). Accepts all aggregates except {@code STATES}, for which there is {@link #states}; all
   * except {@code LAST} skip values that are not numbers, and return nothing only if the range has
   * no numbers.
   */
  Future<List<Point>> sample(SeriesRange range, int points, Aggregate aggregate);

  /**
   * Values of a series over the range with their durations, in at most {@code spans} spans.
   *
   * @param now time until which the last value holds unless the range ends before; Unix
   *     milliseconds
   */
  Future<StateHistory> states(SeriesRange range, long now, int spans);

  /** Deletes all readings of a device. */
  Future<Void> forget(String device);

  /** What prevents the store from working now, as part of a sentence; null if nothing does. */
  @Nullable String trouble();

  /** The present counts. */
  StoreStatistics statistics();

  /** Writes pending data and closes the store. */
  Future<Void> close();
}
