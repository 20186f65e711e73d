package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a device's unfinished commands lie: read when they are needed, and changed by turns, each
 * of which is durable before anybody hears of it.
 *
 * <p>Threading: the room's thread; its mailbox sees to it that there is one turn at a time.
 */
final class Pigeonhole {
  static final long UNKNOWN = -1;

  private final String device;
  private final Desk desk;
  private final Contact contact;
  private long nextDue = UNKNOWN;

  /** The device was deleted, and what was for it is still to be ended. */
  private boolean owing;

  /** As they are kept; null when that has to be read. */
  private @Nullable List<Command> unfinished;

  Pigeonhole(String device, Desk desk, Contact contact) {
    this.device = device;
    this.desk = desk;
    this.contact = contact;
  }

  /** The device is no more: what is here for it ends in the next turn. */
  void bury() {
    owing = true;
    contact.ends();
  }

  /** Whether the device was deleted, but its commands could not be ended yet. */
  boolean isOwing() {
    return owing;
  }

  /** Reads again what is kept when it is needed. */
  void forget() {
    unfinished = null;
    nextDue = UNKNOWN;
  }

  /**
   * When there is something to do (ms), {@code Long.MAX_VALUE} if never; {@link #UNKNOWN} before
   * the first turn, and when what is kept has to be read again.
   */
  long nextDue() {
    return nextDue;
  }

  /** The command as it is kept, if that is in memory and not over. */
  @Nullable Command atHand(String id) {
    List<Command> known = unfinished == null ? List.of() : unfinished;
    return known.stream().filter(command -> command.id().equals(id)).findFirst().orElse(null);
  }

  /** The commands that are not over, as they are kept, oldest first. */
  Future<List<Command>> unfinished() {
    List<Command> present = unfinished;
    return present != null
        ? Future.succeededFuture(present)
        : desk.ledger().unfinished(device).map(read -> unfinished = read);
  }

  /** One turn with nothing in it but what time and sessions bring about. */
  Future<Void> bringUpToDate() {
    return play(turn -> {}).mapEmpty();
  }

  /** One turn. */
  Future<Turn> play(Consumer<Turn> deed) {
    return unfinished().compose(known -> play(known, deed, null));
  }

  /** One turn: what is overdue, the deed, what follows; durable before anybody hears of it. */
  Future<Turn> play(List<Command> known, Consumer<Turn> deed, CommandStore.@Nullable Token token) {
    Turn turn = begun(known);
    try {
      deed.accept(turn);
      turn.settle();
    } catch (Refusal refusal) {
      return refused(known, refusal);
    }
    return write(turn, token);
  }

  /** A refusal may tell of what this turn has found out, that time is over: durable first, too. */
  private Future<Turn> refused(List<Command> known, Refusal refusal) {
    return write(begun(known), null).compose(written -> Future.failedFuture(refusal));
  }

  private Turn begun(List<Command> known) {
    Turn turn = new Turn(known, scene());
    turn.expire();
    if (owing) {
      turn.happenToAll(new Occurrence.DeviceGone());
    }
    turn.takeBack();
    turn.settle();
    return turn;
  }

  private Turn.Scene scene() {
    Furnishing house = desk.house();
    Long expected = house.expected().apply(device);
    return new Turn.Scene(house.node(), desk.now(), contact, expected, house.settings());
  }

  private Future<Turn> write(Turn turn, CommandStore.@Nullable Token token) {
    return desk.ledger()
        .write(turn.steps(), token)
        .map(written -> completed(turn))
        .onFailure(notWritten -> unfinished = null);
  }

  private Turn completed(Turn turn) {
    owing = false;
    unfinished = turn.unfinished();
    nextDue = turn.nextDue();
    contact.isUpToDate();
    contact.deliver(turn.handedOut());
    return turn;
  }
}
