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
final class MailboxRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(MailboxRegistry.class);

  /** When a mailbox holds something for its session that becomes due. */
  private record DueEntry(long at, String device) {
    static final Comparator<DueEntry> SOONEST =
        Comparator.comparingLong(DueEntry::at).thenComparing(DueEntry::device);
  }

  private final MailboxContext context;
  private final Map<String, DeviceMailbox> mailboxes = new HashMap<>();
  private final TreeSet<DueEntry> dueEntries = new TreeSet<>(DueEntry.SOONEST);
  private final Map<String, DueEntry> dueEntryOf = new HashMap<>();
  private final Set<String> unsettled = new HashSet<>();

  /** Incomplete while nobody is let in. */
  private Promise<Void> opened = Promise.promise();

  MailboxRegistry(MailboxContext context) {
    this.context = context;
    opened.complete();
  }

  Future<Command> submit(String device, ValidatedCommand draft, String by) {
    return at(device, mailbox -> mailbox.submit(draft, by));
  }

  Future<Command> cancel(Command command, CommandTrigger.Cancelled what) {
    return at(command.device(), mailbox -> mailbox.cancel(command.id(), what));
  }

  Future<Command> answer(Session session, CommandResult result) {
    return at(session.device(), mailbox -> mailbox.answer(session, result));
  }

  /** Deletes a device in its turn, and ends its commands before anything else happens to them. */
  Future<Void> deleteDevice(String device, Supplier<Future<Void>> deletion) {
    return at(device, mailbox -> ended(mailbox, mailbox.deleteDevice(deletion)));
  }

  /** Ends the commands of devices that are gone. */
  Future<Void> deleteDevice(Collection<String> devices) {
    List<Future<Void>> all = new ArrayList<>(devices.size());
    devices.forEach(device -> all.add(deleteDevice(device, Future::succeededFuture)));
    return Future.join(all).mapEmpty();
  }

  Future<Void> attach(Session session, DeliveryMode.Push mode) {
    return retryUntilDone(session.device(), mailbox -> mailbox.attach(session, mode));
  }

  Future<Void> detach(Session session, String reason) {
    return retryUntilDone(session.device(), mailbox -> mailbox.detach(session, reason));
  }

  Future<List<Command>> fetch(Session session, int most, Duration lease, Receipt receipt) {
    return at(
        session.device(),
        mailbox -> retryIfStale(mailbox, mailbox.fetch(session, most, lease, receipt)));
  }

  Future<Void> awaitCommands(Session session, DeliveryMode.Pull mode) {
    return at(
        session.device(), mailbox -> retryIfStale(mailbox, mailbox.awaitCommands(session, mode)));
  }

  Future<Void> cancelPoll(Session session, PollCommandSink poll) {
    return at(session.device(), mailbox -> mailbox.cancelPoll(poll));
  }

  Future<Backlog> backlog(String device) {
    return at(device, DeviceMailbox::backlog);
  }

  Future<Void> returnUndelivered(Session session, List<Command> given) {
    return at(session.device(), mailbox -> mailbox.returnUndelivered(session, given));
  }

  /** Brings the mailboxes of these devices up to date; fails if one of them could not be. */
  Future<Void> settle(Collection<String> devices) {
    List<Future<Void>> all = new ArrayList<>(devices.size());
    devices.forEach(device -> all.add(retryUntilDone(device, DeviceMailbox::settle)));
    return Future.join(all).mapEmpty();
  }

  /** Hands out what was held back until now. */
  Future<Void> processDue(long now) {
    Set<String> due = new HashSet<>();
    while (!dueEntries.isEmpty() && dueEntries.first().at() <= now) {
      String device = dueEntries.first().device();
      cancelDue(device);
      due.add(device);
    }
    return settle(due);
  }

  /** Tries again what the store has refused: sessions came or went meanwhile. */
  Future<Void> retry() {
    return settle(List.copyOf(unsettled));
  }

  /** A device's command as it is kept, if that is in memory and not over. */
  @Nullable Command cached(String device, String id) {
    DeviceMailbox mailbox = mailboxes.get(device);
    return mailbox == null ? null : mailbox.cached(id);
  }

  /** Lets nobody in until it {@link #reopen}s; succeeds when nobody is inside any more. */
  Future<Void> shut() {
    Future<Void> inside = awaitIdle();
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
  Set<String> clearDeadlines() {
    Set<String> devices = Set.copyOf(dueEntryOf.keySet());
    devices.forEach(this::cancelDue);
    mailboxes.values().forEach(DeviceMailbox::forget);
    return devices;
  }

  /** When everything that was asked for is done. */
  Future<Void> awaitIdle() {
    return opened.future().isComplete() ? submit() : opened.future().compose(reopened -> submit());
  }

  private Future<Void> submit() {
    return Future.join(mailboxes.values().stream().map(DeviceMailbox::awaitIdle).toList())
        .mapEmpty();
  }

  /** How many mailboxes are in memory. */
  int size() {
    return mailboxes.size();
  }

  /** Nobody repeats these: what fails is tried again until it succeeds. */
  private Future<Void> retryUntilDone(String device, Function<DeviceMailbox, Future<Void>> action) {
    return at(device, mailbox -> trackResult(device, action.apply(mailbox)));
  }

  private Future<Void> ended(DeviceMailbox mailbox, Future<Void> withdrawal) {
    return withdrawal.onFailure(refused -> retryDeletion(mailbox, refused));
  }

  private void retryDeletion(DeviceMailbox mailbox, Throwable refused) {
    if (mailbox.hasPendingDeletion()) {
      retryLater(mailbox.device(), refused);
    }
  }

  private Future<Void> trackResult(String device, Future<Void> action) {
    return action
        .onSuccess(done -> unsettled.remove(device))
        .onFailure(refused -> retryLater(device, refused));
  }

  /** Who polls is told that it failed, and repeats it; whom it has replaced does not. */
  private <T> Future<T> retryIfStale(DeviceMailbox mailbox, Future<T> poll) {
    return poll.onFailure(
        refused -> {
          if (mailbox.needsReconcile()) {
            retryLater(mailbox.device(), refused);
          }
        });
  }

  private void retryLater(String device, Throwable refused) {
    if (unsettled.add(device)) {
      LOG.warn("Commands of {} cannot be brought up to date yet: {}", device, refused.getMessage());
    }
  }

  private <T> Future<T> at(String device, Function<DeviceMailbox, Future<T>> action) {
    return opened.future().isComplete()
        ? runOn(device, action)
        : opened.future().compose(reopened -> runOn(device, action));
  }

  private <T> Future<T> runOn(String device, Function<DeviceMailbox, Future<T>> action) {
    DeviceMailbox mailbox =
        mailboxes.computeIfAbsent(device, name -> new DeviceMailbox(name, context));
    return action.apply(mailbox).onComplete(outcome -> afterOperation(mailbox));
  }

  private void afterOperation(DeviceMailbox mailbox) {
    String device = mailbox.device();
    scheduleDue(device, mailbox.nextDue());
    if (mailbox.isIdle() && !unsettled.contains(device)) {
      mailboxes.remove(device, mailbox);
    }
  }

  private void scheduleDue(String device, long at) {
    DueEntry present = dueEntryOf.get(device);
    boolean asBefore = present == null ? at == Long.MAX_VALUE : present.at() == at;
    if (asBefore || at == UnfinishedCommands.UNKNOWN) {
      return;
    }
    cancelDue(device);
    if (at != Long.MAX_VALUE) {
      DueEntry made = new DueEntry(at, device);
      dueEntries.add(made);
      dueEntryOf.put(device, made);
    }
  }

  private void cancelDue(String device) {
    DueEntry present = dueEntryOf.remove(device);
    if (present != null) {
      dueEntries.remove(present);
    }
  }
}
