package io.signalbox.hub.store.sqlite;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import io.signalbox.hub.store.sqlite.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.BatchResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Full disk with a reserve: an operator can free space on a running and on a starting hub. */
@SuppressWarnings("NullAway.Init") // set before each test
@Timeout(600)
class DiskReserveTest {
  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final long MIB = 1 << 20;
  private static final long RESERVE = 3 * MIB;
  private static final long YEARS_AGO = 1_400_000_000_000L;

  @TempDir private static Path scratch;

  private final Random random = new Random(5);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private SmallFileSystem fileSystem;
  private DiskReserve disk;
  private SqliteDatabase database;
  private DeviceStore devices;
  private SqliteTelemetryStore telemetry;
  private long nextTs = YEARS_AGO;

  @BeforeEach
  void mount() throws IOException {
    fileSystem = SmallFileSystem.mounted(scratch, "48m");
    log.start();
    root().addAppender(log);
    open(TelemetrySettings.DEFAULTS);
    untilMade();
  }

  private void untilMade() {
    await().atMost(DEADLINE).until(() -> disk.check(0) && disk.held() == RESERVE);
  }

  @AfterEach
  void unmount() throws IOException {
    if (telemetry != null) {
      close();
    }
    root().detachAppender(log);
    fileSystem.close();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger("io.signalbox");
  }

  private void open(TelemetrySettings settings) throws IOException {
    Path directory = fileSystem.directory();
    disk = DiskReserve.open(directory, RESERVE);
    database = TestDatabase.open(directory, disk);
    devices = new SqliteDeviceStore(database);
    telemetry = SqliteTelemetryStore.open(directory, settings, disk, HubClock.ofSystem());
  }

  private void close() {
    answer(telemetry.close());
    answer(database.close());
  }

  @Test
  void deletions_free_a_full_disk_and_the_reserve_is_recreated() throws Exception {
    answer(devices.insert(List.of(FleetStores.entry("pump")), ignored -> {}));
    report("pump", 8 * MIB);
    Refusal full = untilItStaysFull();

    assertThat(full.detail())
        .startsWith("the disk is full (")
        .contains(" bytes free of 50,331,648 at " + fileSystem.directory());
    answer(devices.delete("pump", () -> {}));
    answer(telemetry.forget("pump"));

    await().atMost(DEADLINE).until(() -> !disk.isFull());
    assertThat(reserve()).hasSize(RESERVE);
    report("other", 1);
    answer(devices.insert(List.of(FleetStores.entry("new")), ignored -> {}));
    assertThat(telemetry.trouble()).isNull();
    await().atMost(DEADLINE).until(database::isWritable);
  }

  @Test
  void a_file_of_an_older_version_reuses_deleted_space() throws Exception {
    close();
    keepFreedPages();
    open(TelemetrySettings.DEFAULTS);
    report("pump", 12 * MIB);
    untilItStaysFull();

    answer(telemetry.forget("pump"));

    await().atMost(DEADLINE).until(() -> !disk.isFull());
    report("other", MIB);
    assertThat(telemetry.trouble()).isNull();
  }

  /** Sets up telemetry.db as older versions created it. */
  private void keepFreedPages() throws SQLException {
    Path file = fileSystem.directory().resolve("telemetry.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA auto_vacuum = NONE");
      sql.execute("VACUUM");
      assertThat(sql.executeQuery("PRAGMA auto_vacuum").getInt(1)).isZero();
    }
  }

  @Test
  void a_start_on_a_full_disk_frees_space_with_a_shorter_retention() throws Exception {
    report("pump", 8 * MIB);
    close();
    fileSystem.fill();
    assertThat(fileSystem.free()).isZero();

    open(TelemetrySettings.DEFAULTS.withRetention(Duration.ofDays(1)));

    assertThat(disk.isFull()).isTrue();
    await().atMost(DEADLINE).until(() -> !disk.isFull());
    assertThat(reserve()).hasSize(RESERVE);
    report("pump", 1);
  }

  @Test
  void a_full_disk_logs_one_line_at_the_start_and_one_with_counts_at_the_end() throws Exception {
    fileSystem.fill();
    untilRefused();
    for (int i = 0; i < 200; i++) {
      assertThat(refusal(append("pump", 1)).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(refusal(devices.insert(List.of(FleetStores.entry("new")), ignored -> {})).kind())
          .isEqualTo(ErrorCode.UNAVAILABLE);
    }
    assertThat(database.isWritable()).isFalse();

    fileSystem.freeSpace();
    await().atMost(DEADLINE).until(() -> !disk.isFull());
    report("pump", 1);
    await().atMost(DEADLINE).until(database::isWritable);

    List<String> lines =
        List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(lines).as("%s", lines).hasSize(2);
    assertThat(lines.getFirst())
        .startsWith("Writes refused: the disk is full (")
        .contains("Reserve of 3,145,728 bytes released");
    assertThat(lines.getLast())
        .startsWith("Disk has free space again: ")
        .contains(" readings and 200 changes were refused");
  }

  @Test
  void a_missing_reserve_is_created_when_space_is_free() throws Exception {
    close();
    Files.delete(reserve());
    fileSystem.fill();
    // Enough to start, but less than twice the reserve.
    leave(4 * MIB);

    open(TelemetrySettings.DEFAULTS);

    assertThat(disk.isFull()).isFalse();
    assertThat(reserve()).doesNotExist();
    fileSystem.freeSpace();
    untilMade();
  }

  @Test
  void a_reserve_takes_at_most_a_sixteenth_of_the_disk() throws Exception {
    close();
    for (long wanted : List.of(0L, 1L << 30)) {
      disk = DiskReserve.open(fileSystem.directory(), wanted);
      long right = Math.min(wanted, 3 * MIB);
      await().atMost(DEADLINE).until(() -> disk.check(0) && disk.held() == right);
    }
    open(TelemetrySettings.DEFAULTS);
  }

  private Path reserve() {
    return fileSystem.directory().resolve("reserve");
  }

  private void leave(long bytes) throws IOException {
    try (var filler =
        FileChannel.open(fileSystem.directory().resolve("filler"), StandardOpenOption.WRITE)) {
      filler.truncate(filler.size() - bytes);
    }
  }

  /** Appends readings until telemetry.db has grown by about this many bytes. */
  private void report(String device, long bytes) {
    for (long left = bytes; left > 0; left -= 5_000 * 9) {
      answer(append(device, bytes == 1 ? 1 : 5_000));
    }
  }

  /** At first the store can still use space in its log and its journal. */
  private Refusal untilItStaysFull() throws IOException {
    while (true) {
      fileSystem.fill();
      Refusal refused = untilRefused();
      try {
        await().atMost(Duration.ofSeconds(2)).until(() -> !disk.isFull());
      } catch (ConditionTimeoutException stillFull) {
        return refused;
      }
    }
  }

  private Refusal untilRefused() {
    for (int i = 0; i < 10_000; i++) {
      try {
        answer(append("pump", 1_000));
      } catch (Refusal refused) {
        return refused;
      }
    }
    throw new AssertionError("the disk was never full");
  }

  /** Random numbers, which do not compress. */
  private Future<BatchResult> append(String device, int count) {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      readings.add(new Reading("t", nextTs++, new Value.Num(random.nextDouble())));
    }
    return telemetry.append(
        new TelemetryBatch(List.of(new TelemetryMessage(device, readings)), readings.size()));
  }
}
