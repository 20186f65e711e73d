package io.signalbox.hub.command;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.FaultyCommandStore.Mode;
import io.signalbox.hub.model.Command;
import io.vertx.core.Future;
import java.util.Random;

/**
 * A hub with commands only, one process after the other on the same disk. Tasks run only when the
 * test runs them.
 *
 * <p>Threading: one thread.
 */
final class ScheduleHub {
  final ManualClock clock;
  final ReferenceModel reference;
  private final CommandDisk disk;
  private final Random random;
  private ManualExecutor loop = new ManualExecutor();
  private FaultyCommandStore store;
  private CommandService commands;
  private CommandEngine engine;
  private Future<Void> opened;

  ScheduleHub(CommandDisk disk, ReferenceModel reference, ManualClock clock, Random random) {
    this.disk = disk;
    this.reference = reference;
    this.clock = clock;
    this.random = random;
    start();
  }

  /** Starts a process, which recovers the state of the last one. */
  void start() {
    loop = new ManualExecutor();
    store = new FaultyCommandStore(disk, reference, random);
    commands =
        new CommandService(
            store,
            event -> published(event.command()),
            new SessionLookup(device -> null, (device, epoch) -> false),
            "hub",
            clock,
            ReferenceModel.SETTINGS);
    engine = commands.newEngine(loop);
    opened = commands.open(engine);
  }

  private void published(Command step) {
    reference.published(step);
    commands.changed(step);
  }

  /** SIGKILL: pending tasks are never run. */
  void kill() {
    reference.died();
    start();
  }

  /** Stops in order and starts again. */
  void restart() {
    Future<Void> closed = commands.close();
    finish();
    if (!closed.succeeded()) {
      throw new AssertionError("the engine does not close");
    }
    kill();
  }

  boolean isOpen() {
    return opened.succeeded();
  }

  CommandService commands() {
    return commands;
  }

  FaultyCommandStore store() {
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
    engine.tick();
  }

  /** Finishes all operations in progress and runs the timer. */
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
    store.mood(Mode.WELL);
    loop.run();
    while (store.release()) {
      loop.run();
    }
  }
}
