package io.signalbox.hub.wire;

import io.signalbox.hub.model.Refusal;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a viewer says on the live stream. */
public sealed interface StreamMessage {
  /** {@link Refused#id()} of a frame that names no subscription. */
  long NO_ID = -1;

  /**
   * Follow the feed.
   *
   * @param id the viewer's name for the subscription
   * @param topics what kinds of events, in the words of the protocol; empty for all that the viewer
   *     may see
   * @param devices only these; empty for all
   * @param labels only devices that have all of these
   * @param metrics only these of telemetry, in NFC; empty for all
   * @param rate most updates a second for each device; 0 for every event
   * @param after the cursor to resume from; null for the present
   */
  record Subscribe(
      long id,
      Set<String> topics,
      Set<String> devices,
      Map<String, String> labels,
      Set<String> metrics,
      double rate,
      @Nullable String after)
      implements StreamMessage {
    /** One whose metrics are written as readings' are. */
    public Subscribe {
      metrics =
          metrics.stream()
              .map(MetricNameInterner::normalized)
              .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The same from another place. */
    public Subscribe resumedAfter(@Nullable String cursor) {
      return new Subscribe(id, topics, devices, labels, metrics, rate, cursor);
    }
  }

  /** Stop following. */
  record Unsubscribe(long id) implements StreamMessage {}

  /** A sign of life that wants an answer. */
  record Ping() implements StreamMessage {}

  /** A frame that cannot be taken. */
  record Refused(long id, Refusal refusal) implements StreamMessage {}
}
