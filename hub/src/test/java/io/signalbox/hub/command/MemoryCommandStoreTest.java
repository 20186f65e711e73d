package io.signalbox.hub.command;

import io.signalbox.hub.store.CommandRevisionContract;

class MemoryCommandStoreTest extends CommandRevisionContract {
  private final MemoryCommandStore store = new MemoryCommandStore();

  @Override
  protected CommandStore open() {
    return store;
  }

  @Override
  protected CommandStore openSecond() {
    return store;
  }

  /** What was appended is kept at once; nothing else is. */
  @Override
  protected void kill() {}

  @Override
  protected void register(String device) {
    store.register(device);
  }

  @Override
  protected void delete(String device) {
    store.delete(device);
  }
}
