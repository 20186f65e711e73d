package io.signalbox.hub.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Event.PresenceChanged;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The presence of a device is read from its session here, or from the events of elsewhere. */
class PresenceIndexTest {
  private final Map<String, Presence> here = new ConcurrentHashMap<>();
  private final PresenceIndex index = new PresenceIndex(here::get);

  private static Presence online(long epoch) {
    return new Presence(State.ONLINE, 5, null, Transport.WEBSOCKET, epoch, "10.0.0.7");
  }

  private static Presence offline(long epoch) {
    return new Presence(State.OFFLINE, 6, Cause.LOST, Transport.WEBSOCKET, epoch, "10.0.0.7");
  }

  private void elsewhere(Presence presence) {
    index.changed(new PresenceChanged("a", presence), false);
  }

  @Test
  void a_device_without_events_and_sessions_was_never_seen() {
    assertThat(index.of("a")).isEqualTo(Presence.neverSeen(0));
  }

  @Test
  void presence_follows_the_events_of_another_node() {
    elsewhere(online(3));
    assertThat(index.of("a")).isEqualTo(online(3));

    elsewhere(offline(3));
    assertThat(index.of("a")).isEqualTo(offline(3));
  }

  @Test
  void a_late_event_of_an_older_session_changes_nothing() {
    elsewhere(online(4));
    elsewhere(offline(3));

    assertThat(index.of("a")).isEqualTo(online(4));
  }

  @Test
  void of_a_session_here_and_one_elsewhere_the_newer_one_counts() {
    here.put("a", online(4));
    elsewhere(online(3));
    assertThat(index.of("a")).isEqualTo(online(4));

    elsewhere(online(5));
    assertThat(index.of("a")).isEqualTo(online(5));

    index.changed(new PresenceChanged("a", online(4)), true);
    assertThat(index.of("a")).isEqualTo(online(5));
  }

  @Test
  void a_deleted_device_is_forgotten_unless_it_has_a_newer_session() {
    elsewhere(offline(4));
    index.forget("a", 3);
    assertThat(index.of("a")).isEqualTo(offline(4));

    index.forget("a", 4);
    assertThat(index.of("a")).isEqualTo(Presence.neverSeen(0));
  }

  @Test
  void a_presence_that_was_stored_before_a_newer_event_came_changes_nothing() {
    elsewhere(online(4));
    index.restore("a", offline(3));
    assertThat(index.of("a")).isEqualTo(online(4));

    index.restore("a", offline(4));
    assertThat(index.of("a")).isEqualTo(offline(4));
  }

  @Test
  void a_newer_session_that_starts_while_its_predecessor_is_forgotten_stays() {
    AtomicLong ended = new AtomicLong();
    AtomicLong calls = new AtomicLong();
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> forgetting =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                index.forget("a", ended.get());
                calls.incrementAndGet();
              }
            });
    long newest = 0;
    do {
      newest += 2;
      elsewhere(offline(newest - 1));
      ended.set(newest - 1);
      elsewhere(online(newest));
      long started = calls.get() + 1; // that one may have read the older presence
      while (calls.get() < started) {
        Thread.onSpinWait();
      }
    } while (newest < 10_000 && index.of("a").session() == newest);
    over.set(true);
    forgetting.join();

    assertThat(index.of("a")).isEqualTo(online(10_000));
  }

  @Test
  void a_reader_always_finds_a_device_that_connects_and_disconnects() {
    elsewhere(offline(1));
    CompletableFuture<Long> reader = CompletableFuture.supplyAsync(this::leastEpochSeen);
    for (int epoch = 2; !reader.isDone(); epoch++) {
      here.put("a", online(epoch));
      index.changed(new PresenceChanged("a", online(epoch)), true);
      elsewhere(offline(epoch));
      here.remove("a");
    }

    assertThat(reader.join()).isPositive();
  }

  private long leastEpochSeen() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 300_000; i++) {
      least = Math.min(least, index.of("a").session());
    }
    return least;
  }
}
