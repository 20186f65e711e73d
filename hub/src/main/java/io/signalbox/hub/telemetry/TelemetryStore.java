package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where readings are kept.
 *
 * <p>Contract: a batch whose future succeeded survives the death of the process at any later
 * moment, whole and once; a batch whose future failed with {@code UNAVAILABLE} is not kept, and the
 * same readings may be offered again. A reading is identified by (device, metric, ts): the value
 * that was appended last stands. Late readings are kept in their place and never replace a newer
 * latest value. Batches become durable in the order in which they were appended. Queries see every
 * batch that was acknowledged before they were asked.
 *
 * <p>Threading: any thread may call; futures complete on a thread of the store's, callers hop to
 * their own context.
 */
public interface TelemetryStore {
  /**
   * Keeps a batch. Fails with the refusal {@code UNAVAILABLE} when it cannot be made durable (disk
   * full, closing).
   */
  Future<Void> append(TelemetryBatch batch);

  /** The newest reading of each metric, by device; devices that never reported are left out. */
  Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices);

  /** What a device has ever reported and is still kept, by metric name. */
  Future<List<MetricSummary>> metrics(String device);

  /**
   * The readings of one series as they came, oldest first, at most {@code limit} from the start of
   * the range.
   */
  Future<List<Point>> read(SeriesRange range, int limit);

  /**
   * The series reduced to at most {@code points} buckets of the range (two readings a bucket for
   * minmax). All aggregates but {@code STATES}, which {@link #states} is for; all but {@code LAST}
   * pass over what is no number, and give nothing only where the range has none.
   */
  Future<List<Point>> sample(SeriesRange range, int points, Aggregate aggregate);

  /**
   * Which values a series had over the range, and for how long, in at most {@code spans} spans.
   *
   * @param now until when the last value holds unless the range ends before; Unix milliseconds
   */
  Future<StateHistory> states(SeriesRange range, long now, int spans);

  /** Forgets every reading of a device. */
  Future<Void> forget(String device);

  /** Writes what is still open and lets go of the files. */
  Future<Void> close();
}
