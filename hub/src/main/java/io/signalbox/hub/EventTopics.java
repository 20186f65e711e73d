package io.signalbox.hub;

import io.signalbox.hub.access.ApiKeyChanged;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.cluster.BridgedTopics;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.TelemetryBatch;
import io.vertx.core.Vertx;
import java.util.List;

/** The topics that components publish on and subscribe to. */
record EventTopics(
    Topic<TelemetryBatch> telemetry,
    Topic<Event.DeviceChanged> devices,
    Topic<Event.DeviceTypeChanged> types,
    Topic<Event.PresenceChanged> presence,
    Topic<Event.TwinChanged> twins,
    Topic<Event.CommandChanged> commands,
    Topic<Event.JobChanged> jobs,
    Topic<ApiKeyChanged> apiKeys) {

  static EventTopics of(Vertx vertx) {
    return new EventTopics(
        Topic.of(vertx, "telemetry"),
        Topic.of(vertx, "devices"),
        Topic.of(vertx, "types"),
        Topic.of(vertx, "presence"),
        Topic.of(vertx, "twins"),
        Topic.of(vertx, "commands"),
        Topic.of(vertx, "jobs"),
        Topic.of(vertx, "api-keys"));
  }

  /** The topics that get the events of other nodes. */
  BridgedTopics bridged() {
    return new BridgedTopics(devices, types, presence, twins, commands, jobs, apiKeys);
  }

  /** The topics of the feed except telemetry, which carries batches. */
  List<Topic<? extends Event>> others() {
    return List.of(devices, types, presence, twins, commands, jobs);
  }
}
