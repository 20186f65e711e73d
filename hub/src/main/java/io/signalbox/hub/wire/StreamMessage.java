package io.signalbox.hub.wire;

import io.signalbox.hub.model.Refusal;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decoded message of a stream client. */
public sealed interface StreamMessage {
  /** {@link Refused#id()} of a frame without a subscription id. */
  long NO_ID = -1;

  /**
   * Subscribe to the feed.
   *
   * @param id the client's id of the subscription
   * @param topics topics by their protocol names; empty for all that the client may see
   * @param devices device ids; empty for all
   * @param labels labels that a device must have, all of them
   * @param metrics metrics of telemetry events, in NFC; empty for all
   * @param rate maximum updates per second and device; 0 for every event
   * @param after the cursor to resume after; null to start with new events
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
    /** Normalises the metrics to NFC, like those of readings. */
    public Subscribe {
      metrics =
          metrics.stream()
              .map(MetricNameInterner::normalized)
              .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** This subscription, resumed after another cursor. */
    public Subscribe resumedAfter(@Nullable String cursor) {
      return new Subscribe(id, topics, devices, labels, metrics, rate, cursor);
    }
  }

  /** End a subscription. */
  record Unsubscribe(long id) implements StreamMessage {}

  /** A ping, which the hub answers with a pong. */
  record Ping() implements StreamMessage {}

  /** An invalid frame. */
  record Refused(long id, Refusal refusal) implements StreamMessage {}
}
