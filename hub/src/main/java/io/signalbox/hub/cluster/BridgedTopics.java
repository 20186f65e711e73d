package io.signalbox.hub.cluster;

import io.signalbox.hub.access.ApiKeyChanged;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.store.redis.EventCodec;
import java.util.function.Consumer;

/**
 * The topics of this node that get the events of the others. Readings are only in the feed. Safe on
 * any thread.
 */
public record BridgedTopics(
    Topic<Event.DeviceChanged> devices,
    Topic<Event.DeviceTypeChanged> types,
    Topic<Event.PresenceChanged> presence,
    Topic<Event.TwinChanged> twins,
    Topic<Event.CommandChanged> commands,
    Topic<Event.JobChanged> jobs,
    Topic<ApiKeyChanged> apiKeys) {

  /** Calls the listener with the presence and job events that this node publishes. */
  void listen(Consumer<Event> listener) {
    presence.listen(listener);
    jobs.listen(listener);
  }

  /** Publishes what another node has written; the listener does not hear of it. */
  void publish(EventCodec.Decoded entry, Consumer<Event> listener) {
    entry.events().forEach(event -> publish(event, listener));
    entry.apiKeys().forEach(apiKeys::publish);
  }

  private void publish(Event event, Consumer<Event> listener) {
    switch (event) {
      case TelemetryBatch batch -> {}
      case Event.DeviceChanged device -> devices.publish(device);
      case Event.DeviceTypeChanged type -> types.publish(type);
      case Event.PresenceChanged change -> presence.publish(change, listener);
      case Event.TwinChanged twin -> twins.publish(twin);
      case Event.CommandChanged command -> commands.publish(command);
      case Event.JobChanged job -> jobs.publish(job, listener);
    }
  }
}
