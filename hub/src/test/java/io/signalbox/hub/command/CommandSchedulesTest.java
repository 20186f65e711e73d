package io.signalbox.hub.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random schedules, from seeds, of everything that can happen to commands: devices that connect,
 * disconnect, take over, answer late, twice, wrongly or never; clients that submit, repeat, cancel,
 * delete and wait; a slow or full store; a hub that is killed between any two steps. Every decision
 * of the engine must be one that {@link ReferenceModel} allows, and at the end every command has
 * ended.
 *
 * <p>A failure prints its seed and the events; to repeat it alone, run with {@code
 * -Dsignalbox.schedule=<seed>}.
 */
class CommandSchedulesTest {
  private static final int STEPS = 120;
  private static final int IN_MEMORY = 6_000;
  private static final int ON_TABLES = 20;

  @TempDir private Path scratch;

  @Test
  void in_thousands_of_schedules_commands_stay_consistent_and_end() {
    seeds(IN_MEMORY).forEach(seed -> run(seed, new MemoryCommandDisk()));
  }

  @Test
  void schedules_hold_on_the_sqlite_store() throws IOException {
    for (long seed : seeds(ON_TABLES).toArray()) {
      Path directory = Files.createDirectory(scratch.resolve("seed " + seed));
      try (SqliteCommandDisk disk = new SqliteCommandDisk(directory)) {
        run(seed, disk);
      }
    }
  }

  @Test
  void schedules_hold_on_the_redis_store() {
    for (long seed : seeds(ON_TABLES).toArray()) {
      try (RedisCommandDisk disk = new RedisCommandDisk()) {
        run(seed, disk);
      }
    }
  }

  private static LongStream seeds(int count) {
    Long one = Long.getLong("signalbox.schedule");
    return one == null ? LongStream.range(0, count) : LongStream.of(one);
  }

  private static void run(long seed, CommandDisk disk) {
    RandomSchedule schedule = new RandomSchedule(disk, seed);
    try {
      schedule.run(STEPS);
    } catch (AssertionError | RuntimeException wrong) {
      throw new AssertionError(
          "seed %d: %s%n%s".formatted(seed, wrong.getMessage(), schedule.story()), wrong);
    }
  }
}
