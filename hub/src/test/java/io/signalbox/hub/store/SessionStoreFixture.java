package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.fleet.SessionStore.Claim;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;

/**
 * Stores of sessions with two instances on one backend, each that of a node, and two devices {@code
 * a} and {@code b}.
 */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class SessionStoreFixture {
  static final String NORTH = "north";
  static final String SOUTH = "south";

  FleetStores stores;

  /** Opens an empty store. */
  protected abstract FleetStores empty();

  /** Other instances on the data of the open stores, as another node has them. */
  protected abstract FleetStores another();

  /** The same stores after a crash and a restart of the process. */
  protected abstract FleetStores reopened();

  @BeforeEach
  void open() {
    stores = empty();
    stores.insert("a", "b");
  }

  /** Runs both at the same time, and adds the results of the first, then those of the second. */
  static <T> void together(
      Supplier<? extends List<? extends T>> first,
      Supplier<? extends List<? extends T>> second,
      List<? super T> results) {
    CompletableFuture<? extends List<? extends T>> other = CompletableFuture.supplyAsync(second);
    results.addAll(first.get());
    results.addAll(other.join());
  }

  final long claim(String device) {
    return answer(claiming(device)).epoch();
  }

  final Future<Claim> claiming(String device) {
    return stores.sessions().claim(device, NORTH, Transport.MQTT, "10.0.0.7", 5);
  }

  static Future<Claim> claimingInSouth(FleetStores south, String device) {
    return south.sessions().claim(device, SOUTH, Transport.HTTP, "10.0.0.9", 8);
  }

  /** What is stored of a device. */
  final StoredSession stored(String device) {
    String nobody = "a node that holds nothing";
    Map<String, StoredSession> all =
        answer(stores.sessions().recover(nobody, 1, Cause.HUB_RESTARTED));
    return Objects.requireNonNull(all.get(device));
  }

  static StoredSession online(long epoch) {
    return new StoredSession(
        new Presence(Presence.State.ONLINE, 5, null, Transport.MQTT, epoch, "10.0.0.7"), 0, NORTH);
  }

  static StoredSession resting(long epoch, Presence.State state) {
    return new StoredSession(
        new Presence(state, 6, null, Transport.MQTT, epoch, "10.0.0.8", 66L, null), 6, NORTH);
  }

  static Presence ended(long epoch, SessionEnd end) {
    return new Presence(Presence.State.OFFLINE, 7, end, Transport.MQTT, epoch, "10.0.0.7");
  }
}
