package io.signalbox.hub.command;

/** A disk in memory. */
record MemoryCommandDisk(MemoryCommandStore store) implements CommandDisk {
  MemoryCommandDisk() {
    this(new MemoryCommandStore());
  }

  @Override
  public CommandStore commands() {
    return store;
  }

  @Override
  public void register(String device) {
    store.register(device);
  }

  @Override
  public void delete(String device) {
    store.delete(device);
  }
}
