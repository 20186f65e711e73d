package io.signalbox.hub.command;

/** What outlives a hub: its commands, and which devices are registered. */
interface CommandDisk {
  CommandStore commands();

  void register(String device);

  void delete(String device);
}
