package io.signalbox.hub.command;

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
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One device's commands. It takes one turn after the other: the next begins when the steps of the
 * one before are durable or have been refused, so what is decided is decided on what is kept, and a
 * result can never precede its {@code SENT}. Lives as long as the device has a session or something
 * is to be done; its commands are in memory only for that time.
 *
 * <p>Threading: the room's thread.
 */
final class Mailbox {
  private static final Duration REPEATABLE = Duration.ofHours(24);

  private final String device;
  private final Desk desk;
  private final Turnstile turnstile = new Turnstile();
  private final Contact contact;
  private final Pigeonhole pigeonhole;

  Mailbox(String device, Desk desk) {
    this.device = device;
    this.desk = desk;
    this.contact = new Contact(device);
    this.pigeonhole = new Pigeonhole(device, desk, contact);
  }

  String device() {
    return device;
  }

  /** Whether nothing is to be done and nobody is here: it can be let go of. */
  boolean isIdle() {
    return turnstile.isIdle() && contact.session() == null && !pigeonhole.isOwing();
  }

  /** Whether the device was deleted, but its commands could not be ended yet. */
  boolean isOwing() {
    return pigeonhole.isOwing();
  }

  /** Whether somebody has come or gone, and what follows from that is not written yet. */
  boolean isBehind() {
    return contact.isBehind();
  }

  /** What is kept has been changed by somebody else: it is read again when it is needed. */
  void forget() {
    pigeonhole.forget();
  }

  /** The command as it is kept, if that is in memory and not over. */
  @Nullable Command atHand(String id) {
    return pigeonhole.atHand(id);
  }

  /** As {@link Pigeonhole#nextDue}. */
  long nextDue() {
    return pigeonhole.nextDue();
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
            (isOwing() ? bringUpToDate() : Future.<Void>succeededFuture())
                .compose(ended -> desk.ledger().here(deletion.get()))
                .compose(deleted -> bury()));
  }

  private Future<Void> bury() {
    pigeonhole.bury();
    return bringUpToDate();
  }

  /** Brings everything up to date. */
  Future<Void> settle() {
    return turnstile.next(this::bringUpToDate);
  }

  /** A session is here: what is queued goes to it, and then what comes. */
  Future<Void> attach(Session arrived, Hand.Open hand) {
    return turnstile.next(() -> arrive(arrived, hand));
  }

  /** A poll that is given what is due, now or when something is. */
  Future<Void> hold(Session arrived, Hand.Held hand) {
    return turnstile.request(() -> hold(arrived, hand.poll(), hand));
  }

  /** A poll that is given what is due now. */
  Future<List<Command>> fetch(Session arrived, int most, Duration lease, Receipt receipt) {
    List<Command> given = new ArrayList<>();
    Poll poll = given::addAll;
    Future<Void> held = hold(arrived, new Hand.Held(poll, most, lease, receipt));
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

  /** What is left when everything that was asked for until now is done. */
  Future<Backlog> backlog() {
    return turnstile.next(
        () -> pigeonhole.unfinished().map(known -> Backlog.of(known, desk.now())));
  }

  /** What was handed out to a poll of that session has not reached it. */
  Future<Void> giveBack(Session from, List<Command> given) {
    return turnstile.next(() -> returned(from, given));
  }

  /** A session is gone: what it has not answered is queued again. */
  Future<Void> detach(Session gone, String because) {
    return turnstile.next(() -> leave(gone, because));
  }

  private Future<Void> arrive(Session arrived, Hand in) {
    contact.arrives(arrived, in, desk.now());
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

  private Future<Void> returned(Session from, List<Command> given) {
    return pigeonhole.play(turn -> turn.giveBack(from, given)).mapEmpty();
  }

  /** Succeeds only if everything is: also who has nothing to say may come after a full disk. */
  private Future<Void> bringUpToDate() {
    return pigeonhole.bringUpToDate();
  }

  /** The command that the same request has made before; refuses another request with its key. */
  private Future<Optional<String>> repeated(Draft draft) {
    CommandStore.Token token = draft.token();
    return token == null
        ? Future.succeededFuture(Optional.empty())
        : desk.ledger().repeated(device, token, desk.since(REPEATABLE));
  }

  private Future<Command> kept(String id) {
    return desk.ledger().get(id);
  }

  private Future<Command> make(Draft draft, String by) {
    return pigeonhole.unfinished().compose(known -> make(known, draft, by));
  }

  /**
   * Its time to live counts from the turn in which it is made, however long that was waited for.
   */
  private Future<Command> make(List<Command> known, Draft draft, String by) {
    long now = desk.now();
    Step first = new Step(State.QUEUED, now, desk.house().node(), null, null, by, null);
    Long expected = contact.isOpen() ? (Long) now : desk.house().expected().apply(device);
    Command made = draft.command(desk.ids().next(), device, expected, first);
    return pigeonhole
        .play(known, turn -> turn.add(made), draft.token())
        .map(turn -> turn.find(made.id()));
  }

  private Future<Command> happen(String id, Occurrence what) {
    return pigeonhole
        .unfinished()
        .compose(known -> has(known, id) ? play(known, id, what) : over(id, what));
  }

  private Future<Command> play(List<Command> known, String id, Occurrence what) {
    return pigeonhole.play(known, turn -> turn.happen(id, what), null).map(turn -> turn.find(id));
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
}
