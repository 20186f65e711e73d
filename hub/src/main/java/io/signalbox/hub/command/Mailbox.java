package io.signalbox.hub.command;

import io.signalbox.hub.command.Turn.Scene;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device's commands. It takes one turn after the other: the next begins when the steps of the
 * one before are durable or have been refused, so what is decided is decided on what is kept, and a
 * result can never precede its {@code SENT}. Lives as long as the device has a session or something
 * is to be done; its commands are in memory only for that time.
 *
 * <p>Threading: the room's thread.
 */
final class Mailbox {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
  static final long UNKNOWN = -1;
  private static final long REPEATABLE_MS = Duration.ofHours(24).toMillis();

  /**
   * What all mailboxes share.
   *
   * @param ledger where steps become durable
   * @param house what the room was made with
   */
  record Desk(Ledger ledger, CommandIds ids, Furnishing house) {
    long now() {
      return house.clock().getAsLong();
    }
  }

  private final String device;
  private final Desk desk;
  private final Turnstile turnstile = new Turnstile();
  private final Contact contact = new Contact();
  private long nextDue = UNKNOWN;

  /** The device was deleted, and what was for it is still to be ended. */
  private boolean owing;

  /** As they are kept; null when that has to be read. */
  private @Nullable List<Command> unfinished;

  Mailbox(String device, Desk desk) {
    this.device = device;
    this.desk = desk;
  }

  String device() {
    return device;
  }

  /** Whether nothing is to be done and nobody is here: it can be let go of. */
  boolean isIdle() {
    return turnstile.isIdle() && contact.session() == null && !owing;
  }

  /** Whether the device was deleted, but its commands could not be ended yet. */
  boolean isOwing() {
    return owing;
  }

  /** The command as it is kept, if that is in memory and not over. */
  @Nullable Command atHand(String id) {
    List<Command> known = unfinished == null ? List.of() : unfinished;
    return known.stream().filter(command -> command.id().equals(id)).findFirst().orElse(null);
  }

  /**
   * When there is something to do (ms), {@code Long.MAX_VALUE} if never; {@link #UNKNOWN} before
   * its first turn.
   */
  long nextDue() {
    return nextDue;
  }

  /** Everything that was asked for until now is done, well or not. */
  Future<Void> quiet() {
    return turnstile.quiet();
  }

  /** Takes a new command; a repeated request gets the command that the first one made. */
  Future<Command> submit(Draft draft, String by) {
    return turnstile.request(
        () ->
            repeated(draft)
                .compose(first -> first.isPresent() ? kept(first.get()) : make(draft, by)));
  }

  /** Takes back a queued command. */
  Future<Command> cancel(String id, Occurrence.Cancelled what) {
    return turnstile.request(() -> happen(id, what));
  }

  /** Takes a device's answer. */
  Future<Command> answer(Session from, CommandResult result) {
    return turnstile.request(() -> answered(from, result));
  }

  /**
   * Deletes the device and ends what is not over, in one turn: nothing that is made for another
   * device of the same id comes in between, nor is anything given to who was here before.
   */
  Future<Void> withdraw(Supplier<Future<Void>> deletion) {
    return turnstile.next(
        () ->
            (owing ? bringUpToDate() : Future.<Void>succeededFuture())
                .compose(ended -> desk.ledger().here(deletion.get()))
                .compose(deleted -> bury()));
  }

  private Future<Void> bury() {
    owing = true;
    contact.ends();
    return bringUpToDate();
  }

  /** Brings everything up to date. */
  Future<Void> settle() {
    return turnstile.next(this::bringUpToDate);
  }

  /** A session is here: what is queued goes to it, and then what comes. */
  Future<Void> attach(Session arrived, Outlet to) {
    return turnstile.next(() -> arrive(arrived, new Hand.Open(to)));
  }

  /** A poll that is given what is due, now or when something is. */
  Future<Void> hold(Session arrived, Hand.Held hand) {
    return turnstile.request(() -> hold(arrived, hand.poll(), hand));
  }

  /** A poll that is given what is due now. */
  Future<List<Command>> fetch(Session arrived, int most, Duration lease) {
    List<Command> given = new ArrayList<>();
    Poll poll = given::addAll;
    Future<Void> held = hold(arrived, new Hand.Held(poll, most, lease));
    return release(poll).compose(released -> held).map(done -> given);
  }

  /** A poll is over; what it was given until then it has been given. */
  Future<Void> release(Poll poll) {
    return turnstile.next(
        () -> {
          contact.rests(poll);
          return Future.succeededFuture();
        });
  }

  /** What was handed out to a poll of that session has not reached it. */
  Future<Void> giveBack(Session from, Collection<String> ids) {
    return turnstile.next(() -> returned(from, Set.copyOf(ids)));
  }

  /** A session is gone: what it has not answered is queued again. */
  Future<Void> detach(Session gone, String because) {
    return turnstile.next(() -> leave(gone, because));
  }

  private Future<Void> arrive(Session arrived, Hand in) {
    contact.arrives(arrived, in);
    return bringUpToDate();
  }

  private Future<Void> leave(Session gone, String because) {
    contact.leaves(gone, because);
    return bringUpToDate();
  }

  /**
   * Who is told that it failed asks again, and what is due meanwhile must not go to the one before.
   */
  private Future<Void> hold(Session arrived, Poll poll, Hand hand) {
    return contact.hasNewerThan(arrived)
        ? Future.failedFuture(replaced())
        : arrive(arrived, hand).onFailure(refused -> contact.rests(poll));
  }

  private Future<Void> returned(Session from, Set<String> ids) {
    return unfinished()
        .compose(known -> play(known, turn -> turn.giveBack(from, ids), null))
        .mapEmpty();
  }

  /** Succeeds only if everything is: also who has nothing to say may come after a full disk. */
  private Future<Void> bringUpToDate() {
    return unfinished().compose(known -> play(known, turn -> {}, null)).mapEmpty();
  }

  /** The command that the same request has made before; refuses another request with its key. */
  private Future<Optional<String>> repeated(Draft draft) {
    CommandStore.Token token = draft.token();
    return token == null
        ? Future.succeededFuture(Optional.empty())
        : desk.ledger().repeated(device, token, desk.now() - REPEATABLE_MS);
  }

  private Future<Command> kept(String id) {
    return desk.ledger().get(id);
  }

  private Future<Command> make(Draft draft, String by) {
    return unfinished().compose(known -> make(known, draft, by));
  }

  /**
   * Its time to live counts from the turn in which it is made, however long that was waited for.
   */
  private Future<Command> make(List<Command> known, Draft draft, String by) {
    long now = desk.now();
    Step first = new Step(State.QUEUED, now, desk.house().node(), null, null, by, null);
    Long expected = contact.isOpen() ? (Long) now : desk.house().expected().apply(device);
    Command made = draft.command(desk.ids().next(), device, expected, first);
    return play(known, turn -> turn.add(made), draft.token()).map(turn -> turn.find(made.id()));
  }

  private Future<Command> happen(String id, Occurrence what) {
    return unfinished().compose(known -> has(known, id) ? play(known, id, what) : over(id, what));
  }

  private Future<Command> play(List<Command> known, String id, Occurrence what) {
    return play(known, turn -> turn.happen(id, what), null).map(turn -> turn.find(id));
  }

  /** It is over, or never was of this device: the answer is in what the store has kept of it. */
  private Future<Command> over(String id, Occurrence what) {
    return desk.ledger().get(id).map(command -> refuse(command, what));
  }

  private Command refuse(Command command, Occurrence what) {
    boolean ours = command.device().equals(device);
    if (ours && Life.next(command, what) instanceof Life.Outcome.No no) {
      throw no.refusal();
    }
    throw Ledger.unknown(command.id());
  }

  private Future<Command> answered(Session from, CommandResult result) {
    if (contact.hasNewerThan(from)) {
      return Future.failedFuture(replaced());
    }
    return happen(result.id(), new Occurrence.Answered(from, result));
  }

  private Refusal replaced() {
    return new Refusal(Kind.CONFLICT, "a newer session speaks for " + device);
  }

  private static boolean has(List<Command> commands, String id) {
    return commands.stream().anyMatch(command -> command.id().equals(id));
  }

  /** One turn: what is overdue, the deed, what follows; durable before anybody hears of it. */
  private Future<Turn> play(
      List<Command> known, Consumer<Turn> deed, CommandStore.@Nullable Token token) {
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
    deliver(turn.handedOut());
    return turn;
  }

  private void deliver(List<Command> commands) {
    switch (contact.hand()) {
      case Hand.Open open -> commands.forEach(command -> deliver(command, open.outlet()));
      case Hand.Held held -> deliver(commands, held.poll());
      case Hand.Shut shut -> {}
    }
  }

  private void deliver(Command command, Outlet outlet) {
    try {
      outlet.deliver(command);
    } catch (RuntimeException broken) {
      // The session that cannot be written to ends, and its end takes the command back.
      LOG.warn("Session of {} did not take command {}", device, command.id(), broken);
    }
  }

  private void deliver(List<Command> commands, Poll poll) {
    if (commands.isEmpty()) {
      return;
    }
    contact.rests(poll);
    try {
      poll.deliver(commands);
    } catch (RuntimeException broken) {
      // Their leases take them back.
      LOG.warn("A poll of {} did not take its commands", device, broken);
    }
  }

  private Future<List<Command>> unfinished() {
    List<Command> present = unfinished;
    return present != null
        ? Future.succeededFuture(present)
        : desk.ledger().unfinished(device).map(read -> unfinished = read);
  }

  private Scene scene() {
    Furnishing house = desk.house();
    Long expected = house.expected().apply(device);
    return new Scene(house.node(), desk.now(), contact, expected, house.settings());
  }
}
