package io.signalbox.hub.command;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.FaultyCommandStore.Mode;
import io.vertx.core.Future;
import java.util.Random;

/**
 * A hub of which only commands exist, one process after the other on the same disk. Whatever runs,
 * runs when it is told to.
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

  /** A process begins; it serves once it has taken up what the last one left. */
  void start() {
    loop = new ManualExecutor();
    store = new FaultyCommandStore(disk, reference, random);
    EngineContext engineContext =
        new EngineContext(
            store,
            event -> reference.published(event.command()),
            device -> null,
            "hub",
            clock,
            ReferenceModel.SETTINGS);
    commands = new CommandService(engineContext);
    engine = new CommandEngine(loop, engineContext);
    opened = commands.open(engine);
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
    store.mood(Mode.WELL);
    loop.run();
    while (store.release()) {
      loop.run();
    }
  }
}
