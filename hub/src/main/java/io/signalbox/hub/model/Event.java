package io.signalbox.hub.model;

import java.util.Map;

/** An event of the feed. Immutable: it travels over the bus by reference. */
public sealed interface Event
    permits TelemetryBatch,
        Event.PresenceChanged,
        Event.CommandChanged,
        Event.JobChanged,
        Event.TwinChanged,
        Event.DeviceChanged,
        Event.DeviceTypeChanged {

  /** The presence of a device changed. */
  record PresenceChanged(String device, Presence presence) implements Event {}

  /** A command was created or changed its state; carries the whole command. */
  record CommandChanged(Command command) implements Event {}

  /** A job was created or changed; carries the whole job. Several steps may share one event. */
  record JobChanged(Job job) implements Event {}

  /** The desired or reported state changed; carries the whole twin. */
  record TwinChanged(String device, Twin twin) implements Event {}

  /**
   * The registry changed. Changes of a device are published in the order in which they were made.
   *
   * @param labels labels of the device after the change; empty after a deletion
   */
  record DeviceChanged(String device, Change change, Map<String, String> labels) implements Event {}

  /**
   * A device type was defined, changed or deleted. The definition is not in it, because it may be
   * large. Changes are published in the order in which they were made.
   *
   * @param version of the definition; a deletion makes a version, too
   */
  record DeviceTypeChanged(String name, Change change, long version) implements Event {}

  /** Kind of change of a device or a device type. */
  enum Change {
    CREATED,
    UPDATED,
    /** A device has described itself anew. */
    DESCRIBED,
    DELETED
  }
}
