package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mailboxes that are in use, those that are to be looked into at a certain time, and those that
 * the store would not let us bring up to date.
 *
 * <p>Threading: the room's thread.
 */
final class PostOffice {
  private static final Logger LOG = LoggerFactory.getLogger(PostOffice.class);

  /** When a mailbox holds something for its session that becomes due. */
  private record Appointment(long at, String device) {
    static final Comparator<Appointment> SOONEST =
        Comparator.comparingLong(Appointment::at).thenComparing(Appointment::device);
  }

  private final Desk desk;
  private final Map<String, Mailbox> mailboxes = new HashMap<>();
  private final TreeSet<Appointment> appointments = new TreeSet<>(Appointment.SOONEST);
  private final Map<String, Appointment> appointmentOf = new HashMap<>();
  private final Set<String> unsettled = new HashSet<>();

  /** Incomplete while nobody is let in. */
  private Promise<Void> opened = Promise.promise();

  PostOffice(Desk desk) {
    this.desk = desk;
    opened.complete();
  }

  Future<Command> submit(String device, Draft draft, String by) {
    return at(device, mailbox -> mailbox.submit(draft, by));
  }

  Future<Command> cancel(Command command, Occurrence.Cancelled what) {
    return at(command.device(), mailbox -> mailbox.cancel(command.id(), what));
  }

  Future<Command> answer(Session session, CommandResult result) {
    return at(session.device(), mailbox -> mailbox.answer(session, result));
  }

  /** Deletes a device in its turn, and ends its commands before anything else happens to them. */
  Future<Void> withdraw(String device, Supplier<Future<Void>> deletion) {
    return at(device, mailbox -> ended(mailbox, mailbox.withdraw(deletion)));
  }

  /** Ends the commands of devices that are gone. */
  Future<Void> withdraw(Collection<String> devices) {
    List<Future<Void>> all = new ArrayList<>(devices.size());
    devices.forEach(device -> all.add(withdraw(device, Future::succeededFuture)));
    return Future.join(all).mapEmpty();
  }

  Future<Void> attach(Session session, Hand.Open hand) {
    return surely(session.device(), mailbox -> mailbox.attach(session, hand));
  }

  Future<Void> detach(Session session, String because) {
    return surely(session.device(), mailbox -> mailbox.detach(session, because));
  }

  Future<List<Command>> fetch(Session session, int most, Duration lease, Receipt receipt) {
    return at(
        session.device(), mailbox -> heard(mailbox, mailbox.fetch(session, most, lease, receipt)));
  }

  Future<Void> hold(Session session, Hand.Held hand) {
    return at(session.device(), mailbox -> heard(mailbox, mailbox.hold(session, hand)));
  }

  Future<Void> release(Session session, Poll poll) {
    return at(session.device(), mailbox -> mailbox.release(poll));
  }

  Future<Backlog> backlog(String device) {
    return at(device, Mailbox::backlog);
  }

  Future<Void> giveBack(Session session, List<Command> given) {
    return at(session.device(), mailbox -> mailbox.giveBack(session, given));
  }

  /** Brings the mailboxes of these devices up to date; fails if one of them could not be. */
  Future<Void> settle(Collection<String> devices) {
    List<Future<Void>> all = new ArrayList<>(devices.size());
    devices.forEach(device -> all.add(surely(device, Mailbox::settle)));
    return Future.join(all).mapEmpty();
  }

  /** Hands out what was held back until now. */
  Future<Void> keepAppointments(long now) {
    Set<String> due = new HashSet<>();
    while (!appointments.isEmpty() && appointments.first().at() <= now) {
      String device = appointments.first().device();
      cancelAppointment(device);
      due.add(device);
    }
    return settle(due);
  }

  /** Tries again what the store has refused: sessions came or went meanwhile. */
  Future<Void> retry() {
    return settle(List.copyOf(unsettled));
  }

  /** A device's command as it is kept, if that is in memory and not over. */
  @Nullable Command atHand(String device, String id) {
    Mailbox mailbox = mailboxes.get(device);
    return mailbox == null ? null : mailbox.atHand(id);
  }

  /** Lets nobody in until it {@link #reopen}s; succeeds when nobody is inside any more. */
  Future<Void> shut() {
    Future<Void> inside = quiet();
    opened = Promise.promise();
    return inside;
  }

  /** Lets in again who wanted to meanwhile, in order. */
  void reopen() {
    opened.complete();
  }

  /**
   * The deadlines in the store have been changed: what is known of them is forgotten. Answers the
   * devices whose mailboxes are to be settled, for they had something to look after.
   */
  Set<String> forgetDeadlines() {
    Set<String> devices = Set.copyOf(appointmentOf.keySet());
    devices.forEach(this::cancelAppointment);
    mailboxes.values().forEach(Mailbox::forget);
    return devices;
  }

  /** When everything that was asked for is done. */
  Future<Void> quiet() {
    return opened.future().isComplete() ? inside() : opened.future().compose(reopened -> inside());
  }

  private Future<Void> inside() {
    return Future.join(mailboxes.values().stream().map(Mailbox::quiet).toList()).mapEmpty();
  }

  /** How many mailboxes are in memory. */
  int size() {
    return mailboxes.size();
  }

  /** Nobody repeats these: what fails is tried again until it succeeds. */
  private Future<Void> surely(String device, Function<Mailbox, Future<Void>> visit) {
    return at(device, mailbox -> noted(device, visit.apply(mailbox)));
  }

  private Future<Void> ended(Mailbox mailbox, Future<Void> withdrawal) {
    return withdrawal.onFailure(refused -> endLater(mailbox, refused));
  }

  private void endLater(Mailbox mailbox, Throwable refused) {
    if (mailbox.isOwing()) {
      tryLater(mailbox.device(), refused);
    }
  }

  private Future<Void> noted(String device, Future<Void> visit) {
    return visit
        .onSuccess(done -> unsettled.remove(device))
        .onFailure(refused -> tryLater(device, refused));
  }

  /** Who polls is told that it failed, and repeats it; whom it has replaced does not. */
  private <T> Future<T> heard(Mailbox mailbox, Future<T> poll) {
    return poll.onFailure(
        refused -> {
          if (mailbox.isBehind()) {
            tryLater(mailbox.device(), refused);
          }
        });
  }

  private void tryLater(String device, Throwable refused) {
    if (unsettled.add(device)) {
      LOG.warn("Commands of {} cannot be brought up to date yet: {}", device, refused.getMessage());
    }
  }

  private <T> Future<T> at(String device, Function<Mailbox, Future<T>> visit) {
    return opened.future().isComplete()
        ? enter(device, visit)
        : opened.future().compose(reopened -> enter(device, visit));
  }

  private <T> Future<T> enter(String device, Function<Mailbox, Future<T>> visit) {
    Mailbox mailbox = mailboxes.computeIfAbsent(device, name -> new Mailbox(name, desk));
    return visit.apply(mailbox).onComplete(outcome -> tidy(mailbox));
  }

  private void tidy(Mailbox mailbox) {
    String device = mailbox.device();
    makeAppointment(device, mailbox.nextDue());
    if (mailbox.isIdle() && !unsettled.contains(device)) {
      mailboxes.remove(device, mailbox);
    }
  }

  private void makeAppointment(String device, long at) {
    Appointment present = appointmentOf.get(device);
    boolean asBefore = present == null ? at == Long.MAX_VALUE : present.at() == at;
    if (asBefore || at == Pigeonhole.UNKNOWN) {
      return;
    }
    cancelAppointment(device);
    if (at != Long.MAX_VALUE) {
      Appointment made = new Appointment(at, device);
      appointments.add(made);
      appointmentOf.put(device, made);
    }
  }

  private void cancelAppointment(String device) {
    Appointment present = appointmentOf.remove(device);
    if (present != null) {
      appointments.remove(present);
    }
  }
}
