package io.signalbox.hub.command;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.FickleStore.Mood;
import io.vertx.core.Future;
import java.util.Random;

/**
 * A hub of which only commands exist, one process after the other on the same disk. Whatever runs,
 * runs when it is told to.
 *
 * <p>Threading: one thread.
 */
final class Hall {
  final ManualClock clock;
  final Reference reference;
  private final Disk disk;
  private final Random random;
  private Loop loop = new Loop();
  private FickleStore store;
  private Commands commands;
  private Room room;
  private Future<Void> opened;

  Hall(Disk disk, Reference reference, ManualClock clock, Random random) {
    this.disk = disk;
    this.reference = reference;
    this.clock = clock;
    this.random = random;
    start();
  }

  /** A process begins; it serves once it has taken up what the last one left. */
  void start() {
    loop = new Loop();
    store = new FickleStore(disk, reference, random);
    Furnishing furnishing =
        new Furnishing(
            store,
            event -> reference.told(event.command()),
            device -> null,
            "hub",
            clock,
            Reference.SETTINGS);
    commands = new Commands(furnishing);
    room = new Room(loop, furnishing);
    opened = commands.open(room);
  }

  /** SIGKILL: what has not happened until now does not happen. */
  void kill() {
    reference.died();
    start();
  }

  /** An orderly end, and a new beginning. */
  void restart() {
    Future<Void> closed = commands.close();
    finish();
    if (!closed.succeeded()) {
      throw new AssertionError("the room does not close");
    }
    kill();
  }

  boolean isOpen() {
    return opened.succeeded();
  }

  Commands commands() {
    return commands;
  }

  FickleStore store() {
    return store;
  }

  void register(String device) {
    disk.register(device);
    reference.registered(device);
  }

  void run(int steps) {
    loop.run(steps);
  }

  void tick() {
    room.tick();
  }

  /** Everything that is under way comes to its end, and the hub has looked at its clock. */
  void rest() {
    finish();
    while (!isOpen()) {
      kill();
      finish();
    }
    for (int i = 0; i < 2; i++) {
      clock.addAndGet(1_000);
      tick();
      finish();
    }
  }

  private void finish() {
    store.mood(Mood.WELL);
    loop.run();
    while (store.release()) {
      loop.run();
    }
  }
}
