package io.signalbox.hub.command;

/** A disk that is none. */
record MemoryDisk(MemoryCommandStore store) implements Disk {
  MemoryDisk() {
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
