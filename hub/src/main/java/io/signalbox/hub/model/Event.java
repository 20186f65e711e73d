package io.signalbox.hub.model;

import java.util.Map;

/** Anything an operator or a program can follow. Immutable: it travels the bus by reference. */
public sealed interface Event
    permits TelemetryBatch,
        Event.PresenceChanged,
        Event.CommandChanged,
        Event.JobChanged,
        Event.TwinChanged,
        Event.DeviceChanged {

  /** A device came, went or was replaced. */
  record PresenceChanged(String device, Presence presence) implements Event {}

  /** A command was made or changed its state; carries it whole. */
  record CommandChanged(Command command) implements Event {}

  /** A job was made or has moved on; carries it whole. Several steps may make one event. */
  record JobChanged(Job job) implements Event {}

  /** A twin's desired or reported state changed; carries it whole. */
  record TwinChanged(String device, Twin twin) implements Event {}

  /**
   * The registry changed. The changes of a device are published in the order in which they were
   * made.
   *
   * @param labels of the device after the change; none when it was deleted
   */
  record DeviceChanged(String device, Change change, Map<String, String> labels) implements Event {}

  /** What happened to a device's entry in the registry. */
  enum Change {
    CREATED,
    UPDATED,
    DELETED
  }
}
