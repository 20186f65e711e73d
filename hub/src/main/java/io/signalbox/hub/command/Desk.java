package io.signalbox.hub.command;

import java.time.Duration;

/**
 * What all mailboxes share.
 *
 * @param ledger where steps become durable
 * @param clock the time by which commands are judged
 * @param house what the room was made with
 */
record Desk(Ledger ledger, CommandIds ids, RoomClock clock, Furnishing house) {
  long now() {
    return clock.wallMillis();
  }

  /** A wall time that what was made within that long, by any clock, does not lie before. */
  long since(Duration age) {
    return Math.min(now(), house.clock().wallMillisBeforeSteps(age)) - age.toMillis();
  }
}
