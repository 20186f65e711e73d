package io.signalbox.hub.command;

/**
 * What all mailboxes share.
 *
 * @param ledger where steps become durable
 * @param house what the room was made with
 */
record Desk(Ledger ledger, CommandIds ids, Furnishing house) {
  long now() {
    return house.clock().wallMillis();
  }
}
