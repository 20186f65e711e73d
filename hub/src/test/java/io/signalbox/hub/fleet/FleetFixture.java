package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.sqlite.SqliteFleet;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The fleet services on their own database, with a movable clock and recorded events. */
final class FleetFixture implements AutoCloseable {
  final ManualClock clock = new ManualClock(1_000_000);
  final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  final SqliteFleet fleet;
  final DeviceRegistry registry;
  final TwinService twins;
  SessionRegistry sessions;
  private final Vertx vertx = Vertx.vertx();
  private int starts;
  final Topic<Event.TwinChanged> twinTopic = Topic.of(vertx, "twin");

  FleetFixture(Path directory) {
    Topic<Event.DeviceChanged> deviceTopic = Topic.of(vertx, "device");
    deviceTopic.subscribe(events::add);
    twinTopic.subscribe(events::add);
    fleet = new SqliteFleet(directory);
    FleetStores stores = fleet.stores();
    registry = new DeviceRegistry(stores.devices(), deviceTopic, clock);
    registry.beforeReuse(registry::deletionOver);
    sessions = newSessions(stores.sessions());
    twins = new TwinService(stores.twins(), twinTopic, clock);
    answer(registry.start());
    answer(sessions.start());
  }

  /** Registers a device and returns its key. */
  String register(String id) {
    return answer(registry.register(new NewDevice(id, null, null, Map.of(), null))).key();
  }

  /** The next event, in the order in which they were published. */
  Event event() throws InterruptedException {
    Event event = events.poll(120, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event came");
    }
    return event;
  }

  /** Presence as a hub restores it from the database at its start. */
  void restart() {
    sessions = newSessions(fleet.reopened().stores().sessions());
    answer(sessions.start());
  }

  /**
   * A registry with a topic of its own: one that is gone must not follow the events of the next.
   */
  private SessionRegistry newSessions(SessionStore store) {
    Topic<Event.PresenceChanged> presenceTopic = Topic.of(vertx, "presence " + starts++);
    presenceTopic.subscribe(events::add);
    return new SessionRegistry(store, presenceTopic, "hub", FleetSettings.standard(), clock);
  }

  @Override
  public void close() {
    fleet.close();
    answer(vertx.close());
  }
}
