package io.signalbox.hub.command;

/** The durable state of a hub: commands and registered devices. */
interface CommandDisk {
  CommandStore commands();

  void register(String device);

  void delete(String device);
}
