package io.signalbox.hub.store.sqlite;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteException;

class SqliteDatabaseTest {
  private static final Schema NOTES =
      Schema.of("notes", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");

  @TempDir Path directory;
  private SqliteDatabase database;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory, NOTES);
  }

  @AfterEach
  void close() {
    answer(database.close());
  }

  @Test
  void a_successful_write_is_visible_to_the_next_read() {
    answer(note(1));

    assertThat(count()).isEqualTo(1);
  }

  @Test
  void a_failed_write_does_not_affect_others_in_the_same_commit() {
    List<Future<Integer>> writes = inOneCommit(() -> List.of(note(1), note(2), note(2), note(3)));

    assertThatThrownBy(() -> answer(writes.get(2)))
        .isInstanceOf(SQLiteException.class)
        .hasMessageContaining("UNIQUE");
    answer(writes.get(3));
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void a_failed_write_is_rolled_back_completely() {
    Future<Object> halfWay =
        database.write(
            sql -> {
              sql.update("INSERT INTO note VALUES (7, 'first half')");
              throw new Refusal(Refusal.ErrorCode.CONFLICT, "changed my mind");
            });

    assertThat(refusal(halfWay).kind()).isEqualTo(Refusal.ErrorCode.CONFLICT);
    assertThat(count()).isZero();
  }

  @Test
  void writes_complete_in_the_order_of_the_calls() {
    List<Integer> order = new ArrayList<>();

    inOneCommit(
        () ->
            IntStream.range(0, 3_000).mapToObj(i -> note(i).onSuccess(n -> order.add(i))).toList());

    answer(note(5_000));
    assertThat(order).isSorted().hasSize(3_000);
  }

  @Test
  void writes_are_refused_on_a_full_disk_and_accepted_again_with_free_space() {
    answer(database.write(sql -> sql.query("PRAGMA max_page_count = 20", row -> row.getInt(1))));

    Future<Integer> tooMuch =
        database.write(sql -> sql.update("INSERT INTO note VALUES (1, zeroblob(1000000))"));

    assertThat(refusal(tooMuch).kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
    assertThat(refusal(tooMuch).detail()).contains("full");
    answer(note(2));
    assertThat(database.isWritable()).isTrue();
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void free_space_is_detected_without_other_writes() {
    answer(database.write(sql -> sql.query("PRAGMA max_page_count = 20", row -> row.getInt(1))));
    refusal(database.write(sql -> sql.update("INSERT INTO note VALUES (1, zeroblob(1000000))")));
    assertThat(database.isWritable()).isFalse();

    await().until(database::isWritable);
  }

  @Test
  void lookups_do_not_wait_for_lists() {
    answer(note(1));
    CountDownLatch gate = new CountDownLatch(1);
    List<Future<Boolean>> lists =
        IntStream.range(0, 20).mapToObj(i -> database.list(sql -> passed(gate))).toList();

    assertThat(count()).isEqualTo(1);

    assertThat(lists).noneMatch(Future::isComplete);
    gate.countDown();
    answer(Future.join(lists));
  }

  @Test
  void an_exception_in_a_callers_continuation_does_not_affect_others() {
    note(1)
        .onSuccess(
            done -> {
              throw new IllegalStateException("the caller's own fault");
            });

    answer(note(2));
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void acknowledged_writes_survive_a_crash() throws Exception {
    answer(note(1));
    answer(note(2));

    Path left = directory.resolve("left");
    CrashCopy.of(directory, left);
    SqliteDatabase reopened = SqliteDatabase.open(left, NOTES);

    assertThat(answer(reopened.read(SqliteDatabaseTest::countNotes))).isEqualTo(2);
    answer(reopened.close());
  }

  @Test
  void close_finishes_queued_work_and_refuses_later_calls() {
    Future<Integer> queued = note(1);
    answer(database.close());

    assertThat(answer(queued)).isEqualTo(1);
    assertThat(refusal(note(2)).kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
    assertThat(refusal(database.read(SqliteDatabaseTest::countNotes)).kind())
        .isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
    open();
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void closing_again_waits_for_the_same_end_and_logs_nothing() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(SqliteDatabase.class.getPackageName());
    logger.addAppender(log);
    Future<Integer> queued = note(1);

    List<Future<Void>> closings = IntStream.range(0, 5).mapToObj(i -> database.close()).toList();
    answer(Future.join(closings));
    answer(database.close());

    assertThat(queued.succeeded()).isTrue();
    assertThat(log.list).isEmpty();
    logger.detachAppender(log);
  }

  @Test
  void calls_that_meet_the_end_are_answered_once() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger(SqliteDatabase.class.getPackageName());
    logger.addAppender(log);
    List<Future<?>> calls = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch under = new CountDownLatch(200);
    AtomicBoolean ended = new AtomicBoolean();
    Thread caller = Thread.ofPlatform().start(() -> callUntil(ended, calls, under));

    under.await();
    answer(database.close());
    ended.set(true);
    caller.join();

    List.copyOf(calls).forEach(call -> assertThat(call.isComplete()).isTrue());
    assertThat(log.list).isEmpty();
    logger.detachAppender(log);
  }

  private void callUntil(AtomicBoolean ended, List<Future<?>> calls, CountDownLatch under) {
    for (int i = 0; !ended.get(); i++) {
      calls.add(note(i));
      calls.add(database.read(SqliteDatabaseTest::countNotes));
      under.countDown();
    }
  }

  @Test
  void a_database_that_is_closed_after_load_leaves_one_file() throws Exception {
    List<Future<?>> under = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      under.add(note(i));
      under.add(database.read(sql -> sql.first("SELECT text FROM note", row -> row.getString(1))));
      under.add(database.list(sql -> sql.first("SELECT text FROM note", row -> row.getString(1))));
    }

    answer(database.close());

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("hub.db")
          .doesNotContain("hub.db-wal", "hub.db-shm");
    }
    assertThat(under).allMatch(Future::succeeded);
  }

  @Test
  void tables_of_an_older_version_are_migrated_and_keep_their_rows() {
    answer(note(1));
    answer(database.close());

    Schema newer =
        Schema.of(
            "notes",
            NOTES.steps().getFirst(),
            "ALTER TABLE note ADD COLUMN colour TEXT; UPDATE note SET colour = 'red'");
    database = SqliteDatabase.open(directory, newer);

    Optional<String> colour =
        answer(database.read(sql -> sql.first("SELECT colour FROM note", row -> row.getString(1))));
    assertThat(colour).hasValue("red");
  }

  @Test
  void tables_of_a_newer_version_stop_the_start() {
    answer(database.close());

    assertThatThrownBy(() -> SqliteDatabase.open(directory, new Schema("notes", List.of())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("supports at most");
    open();
  }

  @Test
  void a_reader_cannot_write() {
    assertThatThrownBy(
            () -> answer(database.read(sql -> sql.update("INSERT INTO note VALUES (1, '')"))))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("readonly");
  }

  private Future<Integer> note(int id) {
    return database.write(sql -> sql.update("INSERT INTO note VALUES (?, ?)", id, "note " + id));
  }

  private long count() {
    return answer(database.read(SqliteDatabaseTest::countNotes));
  }

  private static long countNotes(Sql sql) throws SQLException {
    return sql.number("SELECT count(*) FROM note");
  }

  /** Blocks the writer until all calls are made. */
  private <T> T inOneCommit(Supplier<T> asked) {
    CountDownLatch gate = new CountDownLatch(1);
    Future<Boolean> held = database.write(sql -> passed(gate));
    T answers = asked.get();
    gate.countDown();
    answer(held);
    return answers;
  }

  private static boolean passed(CountDownLatch gate) {
    try {
      gate.await();
      return true;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
