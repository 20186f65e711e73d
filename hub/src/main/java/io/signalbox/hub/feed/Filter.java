package io.signalbox.hub.feed;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.TelemetryBatch;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Filter of a subscription.
 *
 * @param topics topics that match
 * @param devices devices that match; null for all
 * @param metrics metrics of telemetry events; empty for all
 */
record Filter(EnumSet<FeedTopic> topics, @Nullable Set<String> devices, Set<String> metrics) {
  boolean wantsTelemetry() {
    return topics.contains(FeedTopic.TELEMETRY);
  }

  boolean admits(String device) {
    return devices == null || devices.contains(device);
  }

  boolean admits(Event event) {
    return topics.contains(FeedTopic.of(event))
        && switch (event) {
          case TelemetryBatch batch -> true;
          case Event.PresenceChanged presence -> admits(presence.device());
          case Event.CommandChanged command -> admits(command.command().device());
          case Event.JobChanged job -> devices == null;
          case Event.TwinChanged twin -> admits(twin.device());
          case Event.DeviceChanged device -> admits(device.device());
          case Event.DeviceTypeChanged type -> true; // a type concerns any device
        };
  }
}
