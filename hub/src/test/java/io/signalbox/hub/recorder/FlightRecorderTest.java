package io.signalbox.hub.recorder;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Event.Change;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class FlightRecorderTest {
  private static final int BUFFER = 100;

  private final ManualClock clock = new ManualClock(1_000_000);
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicInteger writes = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx();
  private final Topic<Event.DeviceChanged> registry = Topic.of(vertx, "devices");
  @TempDir private Path directory;
  private SqliteDatabase database;
  private FlightRecorder recorder;

  @BeforeEach
  void open() {
    database = TestDatabase.open(directory);
    new FleetStores(
            new SqliteDeviceStore(database),
            new SqliteSessionStore(database),
            new SqliteTwinStore(database, 100))
        .insert(IntStream.range(0, 300).mapToObj(i -> "dev-" + i).toArray(String[]::new));
    recorder = recorder();
  }

  private FlightRecorder recorder() {
    return new FlightRecorder(
        new Disk(new SqliteRecorderStore(database, 50)),
        "hub",
        clock,
        new RecorderSettings(50, BUFFER));
  }

  @AfterEach
  void close() {
    answer(database.close());
    answer(vertx.close());
  }

  @Test
  void a_recorded_entry_can_be_read_at_once() {
    recorder.note("dev-1", Kind.CONNECTED, "connected", "it came", here(7));
    clock.addAndGet(10);
    recorder.note("dev-1", Kind.DISCONNECTED, "silent", "it went", here(7));

    assertThat(notes("dev-1"))
        .extracting(RecorderEntry::text)
        .containsExactly("it went", "it came");
    assertThat(notes("dev-1").getLast().connection()).isEqualTo(here(7));
  }

  @Test
  void recorded_entries_are_written_periodically() {
    recorder.open(vertx, registry);
    recorder.note("dev-1", Kind.CONNECTED, "connected", "it came", here(7));

    await().until(() -> recorder.waiting() == 0 && writes.get() == 1);
  }

  @Test
  void repeated_events_are_one_entry_with_a_count() {
    for (int i = 0; i < 10_000; i++) {
      clock.incrementAndGet();
      recorder.note("dev-1", Kind.MESSAGE, "malformed", "nonsense " + i, here(7));
    }

    assertThat(recorder.waiting()).isEqualTo(1);
    RecorderEntry flood = notes("dev-1").getFirst();
    assertThat(flood.times()).isEqualTo(10_000);
    assertThat(flood.text()).isEqualTo("nonsense 9999");
    assertThat(flood.ts()).isEqualTo(1_000_001);
    assertThat(flood.last()).isEqualTo(1_010_000);
    assertThat(writes).hasValue(1);
  }

  @Test
  void a_full_buffer_drops_the_oldest_entries_and_records_a_gap() {
    for (int i = 0; i < BUFFER + 20; i++) {
      recorder.note("dev-" + i, Kind.CONNECTED, "connected", "it came", here(i));
    }

    assertThat(recorder.dropped()).isEqualTo(20);
    assertThat(notes("dev-0"))
        .extracting(RecorderEntry::sentence)
        .containsExactly(missing("1 entry was"));
    assertThat(notes("dev-20")).extracting(RecorderEntry::text).containsExactly("it came");
    assertThat(recorder.waiting()).isZero();
  }

  @Test
  void while_the_store_refuses_entries_stay_readable_and_none_is_lost_or_duplicated() {
    recorder.note("dev-1", Kind.CONNECTED, "connected", "kept before", here(7));
    answer(recorder.flush());
    full.set(true);
    clock.addAndGet(100_000);
    recorder.note("dev-1", Kind.DISCONNECTED, "lost", "it went", here(7));
    assertThat(refusal(recorder.flush()).kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
    clock.addAndGet(100_000);
    recorder.note("dev-1", Kind.CONNECTED, "connected", "it came back", here(8));

    List<String> all = List.of("it came back", "it went", "kept before");
    assertThat(notes("dev-1")).extracting(RecorderEntry::text).containsExactlyElementsOf(all);
    full.set(false);
    assertThat(notes("dev-1")).extracting(RecorderEntry::text).containsExactlyElementsOf(all);
    assertThat(recorder.waiting()).isZero();
  }

  @Test
  void a_long_store_failure_is_recorded_with_the_number_of_missing_entries() {
    full.set(true);
    for (int i = 0; i < 30; i++) {
      recorder.note("dev-1", Kind.REFUSED, "code-" + i, "refused " + i, here(7));
    }
    assertThat(refusal(recorder.flush()).kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
    for (int i = 0; i < BUFFER - 10; i++) {
      recorder.note("dev-" + (100 + i), Kind.CONNECTED, "connected", "it came", here(7));
    }
    assertThat(refusal(recorder.flush()).kind()).isEqualTo(Refusal.ErrorCode.UNAVAILABLE);
    full.set(false);

    List<RecorderEntry> notes = notes("dev-1");
    assertThat(notes.getFirst().text()).isEqualTo("refused 29");
    assertThat(notes)
        .filteredOn(note -> note.kind() == Kind.GAP)
        .singleElement()
        .extracting(RecorderEntry::sentence)
        .isEqualTo(missing("20 entries were"));
    assertThat(notes).hasSize(11);
    assertThat(recorder.dropped()).isEqualTo(20);
  }

  @Test
  void pending_entries_of_a_deleted_device_are_dropped() {
    recorder.open(vertx, registry);
    full.set(true);
    recorder.note("dev-1", Kind.CONNECTED, "connected", "it came", here(7));
    registry.publish(new Event.DeviceChanged("dev-1", Change.UPDATED, Map.of()));
    registry.publish(new Event.DeviceChanged("dev-1", Change.DELETED, Map.of()));

    await().until(() -> recorder.waiting() == 0);
    full.set(false);
    assertThat(notes("dev-1")).isEmpty();
  }

  @Test
  void a_restart_is_recorded_for_connected_devices() {
    Presence was =
        new Presence(
            Presence.State.OFFLINE,
            1,
            SessionEnd.Cause.HUB_RESTARTED,
            Transport.WEBSOCKET,
            7,
            "10.0.0.7:5121");
    recorder.restarted(Map.of("dev-1", was));

    RecorderEntry note = notes("dev-1").getFirst();
    assertThat(note.kind()).isEqualTo(Kind.RESTARTED);
    assertThat(note.text()).isEqualTo("session 7 ended because the hub was restarted");
    assertThat(notes("dev-2")).isEmpty();
  }

  @Test
  void device_input_in_texts_is_truncated() {
    recorder.noteOf("x".repeat(1_000), "dev-1", Kind.RESULT, "code", "y".repeat(1_000), here(7));
    recorder.noteOf("0190-a", "dev-2", Kind.RESULT, "code", "text", here(7));

    RecorderEntry cut = notes("dev-1").getFirst();
    assertThat(cut.text()).hasSize(401);
    assertThat(cut.command()).isNull();
    assertThat(notes("dev-2").getFirst().command()).isEqualTo("0190-a");
  }

  private List<RecorderEntry> notes(String device) {
    return answer(recorder.notes(device));
  }

  private static ConnectionInfo here(long session) {
    return new ConnectionInfo(session, Transport.WEBSOCKET, "10.0.0.7:5121");
  }

  private static String missing(String howMany) {
    return howMany + " not kept: the store was behind or refused";
  }

  /** A store that counts writes, with a disk that can be full. */
  private final class Disk implements RecorderStore {
    private final RecorderStore store;

    Disk(RecorderStore store) {
      this.store = store;
    }

    @Override
    public Future<Void> append(List<RecorderEntry> notes) {
      if (full.get()) {
        return Future.failedFuture(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the disk is full"));
      }
      writes.incrementAndGet();
      return store.append(notes);
    }

    @Override
    public Future<List<RecorderEntry>> notes(String device) {
      return store.notes(device);
    }
  }
}
