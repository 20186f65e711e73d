package io.signalbox.hub.command;

import io.signalbox.hub.store.CommandDeadlinesContract;

class MemoryCommandStoreTest extends CommandDeadlinesContract {
  private final MemoryCommandStore store = new MemoryCommandStore();

  @Override
  protected CommandStore open() {
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
