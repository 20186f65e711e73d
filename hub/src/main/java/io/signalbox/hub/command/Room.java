package io.signalbox.hub.command;

import io.signalbox.hub.bus.Threshold;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.waiting.Wait;
import io.signalbox.hub.waiting.Waits;
import io.vertx.core.Future;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The inside of the room while it is open: its one thread, and what stands in it.
 *
 * <p>Threading: any thread may call; whatever is touched is touched on the room's thread.
 */
final class Room {
  private static final Waits.Sort<Command> SORT =
      new Waits.Sort<>(Command::id, Command::version, command -> command.state().isFinal());

  private final Waits<Command> waits;
  private final Ledger ledger;
  private final PostOffice office;
  private final Sweep sweep;
  private final Threshold<Room> threshold;

  /**
   * A room that is not open yet.
   *
   * @param thread runs what it is given later, one after the other, in order
   */
  Room(Executor thread, Furnishing furnishing) {
    HubClock clock = furnishing.clock();
    this.waits = new Waits<>(furnishing.settings().waits(), thread, clock, SORT);
    this.ledger = new Ledger(furnishing.store(), furnishing.changes(), waits, thread);
    Desk desk = new Desk(ledger, new CommandIds(clock), new RoomClock(clock), furnishing);
    this.office = new PostOffice(desk);
    this.sweep = new Sweep(desk, office, waits);
    this.threshold = new Threshold<>(thread, this);
  }

  /** Takes up what the hub had left. */
  Future<Void> open() {
    return inside(here -> here.sweep().recover());
  }

  /** Does what is due: to be called every {@link Sweep#TICK_MS}. */
  Future<Void> tick() {
    return inside(here -> here.sweep().tick());
  }

  /** Whoever waits for a command is answered as it stands, and whoever still comes. */
  Future<Void> drain() {
    return inside(here -> here.sweep().drain());
  }

  /** Completes what was begun; what comes from now on is refused. */
  Future<Void> close() {
    return inside(Room::leave);
  }

  /** Does something in here; refuses {@code UNAVAILABLE} once closed. */
  <T> Future<T> inside(Function<Room, Future<T>> deed) {
    return threshold.inside(deed);
  }

  PostOffice office() {
    return office;
  }

  Waits<Command> waits() {
    return waits;
  }

  Sweep sweep() {
    return sweep;
  }

  /** Somebody who waits until the command is not as it is known, or the time is over. */
  Wait<Command> holdForNews(String id, Predicate<Command> known, long millis) {
    return held(waits.forNews(id, known, millis), null);
  }

  /** Somebody who waits until the command of that device is over, or the time is. */
  Wait<Command> holdForEnd(String device, String id, long millis) {
    return held(waits.forEnd(id, millis), device);
  }

  private Wait<Command> held(Wait<Command> wait, @Nullable String device) {
    inside(here -> here.waits.enter(wait, () -> here.look(wait.id(), device)))
        .onFailure(wait::refuse);
    return wait;
  }

  private Future<Command> look(String id, @Nullable String device) {
    Command atHand = device == null ? null : office.atHand(device, id);
    return atHand == null ? ledger.get(id) : Future.succeededFuture(atHand);
  }

  private Future<Void> leave() {
    threshold.close();
    waits.refuseAll(Threshold.unavailable());
    return office.quiet();
  }
}
