package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.QUEUED;
import static io.signalbox.hub.model.Command.State.SENT;

import io.signalbox.hub.command.CommandStore.AppendResult.AlreadyMade;
import io.signalbox.hub.command.DeliveryState.DeliveryMode;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Transaction on the unfinished commands of a device: applies triggers and collects the resulting
 * steps. It has no side effects: a transaction whose steps cannot be made durable is discarded.
 *
 * <p>Threading: tasks of the engine.
 */
final class MailboxTransaction {
  /** Limits commands that are accepted and never finished. */
  private static final int UNFINISHED_TO_QUEUED = 4;

  private final List<Command> commands;
  private final DeliveryState deliveryState;
  private final CommandSettings settings;
  private final String node;
  private final long now;
  private final @Nullable Long expected;
  private final List<Command> steps = new ArrayList<>();
  private @Nullable FirstUse firstUse;

  /**
   * A transaction on the unfinished commands of a device.
   *
   * @param unfinished oldest first
   * @param deliveryState the session, how it receives commands, and what it has lost; not changed
   * @param settings limits
   * @param node name of this node, for timelines
   * @param now Unix milliseconds
   * @param expected when the device is expected, if it is not connected (Unix milliseconds); null
   *     if unknown
   */
  MailboxTransaction(
      List<Command> unfinished,
      DeliveryState deliveryState,
      CommandSettings settings,
      String node,
      long now,
      @Nullable Long expected) {
    this.commands = new ArrayList<>(unfinished);
    this.deliveryState = deliveryState;
    this.settings = settings;
    this.node = node;
    this.now = now;
    this.expected = expected;
  }

  /**
   * Applies what time and sessions have changed, before anything else, so that time decides and not
   * the order of operations.
   *
   * @param deleted whether the device was deleted, so that its commands end
   */
  void begin(boolean deleted) {
    expire();
    if (deleted) {
      fireForAll(new CommandTrigger.DeviceDeleted());
    }
    requeueLost();
    settle();
  }

  private void expire() {
    for (int at = 0; at < commands.size(); at++) {
      if (commands.get(at).expires() <= now) {
        apply(at, new CommandTrigger.TimedOut());
      }
    }
  }

  /** Adds a new command. {@code QUEUE_FULL}. */
  void add(Command command) {
    commands.add(command);
    steps.add(command);
    supersede();
    int most = settings.maxQueued();
    if (countOf(QUEUED) > most) {
      throw full("queue of %s is full; the limit is %d".formatted(command.device(), most));
    }
    if (unfinished().size() > most * UNFINISHED_TO_QUEUED) {
      throw full("too many unfinished commands of %s".formatted(command.device()));
    }
  }

  /** Applies a trigger to one command; throws the refusal if it is not allowed. */
  void fire(String id, CommandTrigger trigger) {
    int at = indexOf(id);
    if (at < 0) {
      throw new Refusal(ErrorCode.UNKNOWN_COMMAND, "there is no command " + id);
    }
    apply(at, trigger);
  }

  private void fireForAll(CommandTrigger trigger) {
    for (int at = 0; at < commands.size(); at++) {
      apply(at, trigger);
    }
  }

  /** Requeues sent commands that are lost. */
  private void requeueLost() {
    for (int at = 0; at < commands.size(); at++) {
      Command command = commands.get(at);
      String reason = command.state() == SENT ? deliveryState.whyLost(command, now) : null;
      if (reason != null) {
        apply(at, new CommandTrigger.Lost(reason));
      }
    }
  }

  /**
   * Requeues commands that a poll of the session did not receive, except those delivered again
   * since.
   */
  void returnUndelivered(Session from, List<Command> given) {
    for (Command command : given) {
      int at = indexOf(command.id());
      if (at >= 0 && commands.get(at).version() == command.version() && isLeasedTo(from, at)) {
        apply(at, new CommandTrigger.Lost("write-failed"));
      }
    }
  }

  private boolean isLeasedTo(Session session, int at) {
    Step last = commands.get(at).timeline().getLast();
    return Objects.equals(last.session(), session.epoch()) && last.leaseExpires() != null;
  }

  /** Discards the steps, because an earlier request has used the idempotency key. */
  MailboxTransaction repeats(AlreadyMade made) {
    firstUse = made.first();
    return this;
  }

  /** The earlier use of the idempotency key; null if there is none. */
  @Nullable FirstUse firstUse() {
    return firstUse;
  }

  /** Collapses the queue and delivers due commands. */
  void settle() {
    supersede();
    dispatch();
  }

  /** The command after the transaction. */
  Command find(String id) {
    return commands.get(indexOf(id));
  }

  /** Every step, in order: the commands after it. */
  List<Command> steps() {
    return steps;
  }

  /** The commands still unfinished, oldest first. */
  List<Command> unfinished() {
    return commands.stream().filter(command -> !command.state().isFinal()).toList();
  }

  /**
   * Commands to deliver, in order: those sent in this transaction, except those that the device has
   * confirmed.
   */
  List<Command> toDeliver() {
    return steps.stream().filter(this::isToDeliver).toList();
  }

  private boolean isToDeliver(Command step) {
    return step.state() == SENT
        && find(step.id()).version() == step.version()
        && !(deliveryState.isConfirmed(step) && step.deliveries() > 1);
  }

  /**
   * The next time with something to do: a scheduled command becomes due for a present session, or a
   * lease expires; {@code Long.MAX_VALUE} if there is none.
   */
  long nextDue() {
    return commands.stream().mapToLong(this::due).min().orElse(Long.MAX_VALUE);
  }

  private long due(Command command) {
    if (command.state() == SENT) {
      return deliveryState.leaseEnd(command);
    }
    boolean held = command.state() == QUEUED && command.notBefore() > now;
    return held && deliveryState.isOpen() ? command.notBefore() : Long.MAX_VALUE;
  }

  private void supersede() {
    Map<String, String> newest = new HashMap<>();
    for (int at = commands.size() - 1; at >= 0; at--) {
      Command command = commands.get(at);
      if (command.state() == QUEUED && command.collapse() != null) {
        String newer = newest.putIfAbsent(command.collapse(), command.id());
        if (newer != null) {
          apply(at, new CommandTrigger.Superseded(newer));
        }
      }
    }
  }

  private void dispatch() {
    Session session = deliveryState.session();
    DeliveryMode mode = deliveryState.mode();
    if (session == null || mode instanceof DeliveryMode.Unavailable) {
      return;
    }
    boolean unsure =
        mode instanceof DeliveryMode.Pull held && held.receipt() instanceof Receipt.Unknown;
    if (unsure && !sendAgain(mode)) {
      return;
    }
    int window = settings.maxInFlight() - countOf(SENT);
    int most = mode.maxCommands() - toDeliver().size();
    for (int at = 0; at < commands.size() && window > 0; at++) {
      boolean received = isReceived(commands.get(at));
      if (isDue(at) && (received || most > 0)) {
        apply(at, new CommandTrigger.Dispatched(session, mode.until(now)));
        window--;
        most -= received ? 0 : 1;
      }
    }
  }

  /** Whether the device has confirmed an earlier delivery, so that it is not written again. */
  private boolean isReceived(Command command) {
    return deliveryState.isConfirmed(command) && command.deliveries() > 0;
  }

  /** Number of commands that can be delivered if this many sent ones are requeued first. */
  private int capacity(DeliveryMode mode, int requeued) {
    int inFlight = countOf(SENT) - requeued;
    return Math.min(settings.maxInFlight() - inFlight, mode.maxCommands() - toDeliver().size());
  }

  private boolean isDue(int at) {
    Command command = commands.get(at);
    return command.state() == QUEUED && command.notBefore() <= now;
  }

  /**
   * Commands of earlier polls may not have arrived: they are sent again together with due ones, in
   * order, so that the order holds whether they arrived or not. False if there is no capacity for
   * both: then the due ones wait.
   */
  private boolean sendAgain(DeliveryMode mode) {
    List<Integer> earlier = isAnyDue() ? sentByEarlierPolls() : List.of();
    if (earlier.isEmpty()) {
      return true;
    }
    if (capacity(mode, earlier.size()) <= earlier.size()) {
      return false;
    }
    earlier.forEach(at -> apply(at, new CommandTrigger.Lost("sent again before newer commands")));
    return true;
  }

  private boolean isAnyDue() {
    for (int at = 0; at < commands.size(); at++) {
      if (isDue(at)) {
        return true;
      }
    }
    return false;
  }

  /** Indexes of commands delivered by earlier polls. */
  private List<Integer> sentByEarlierPolls() {
    Set<String> sentNow = new HashSet<>();
    toDeliver().forEach(command -> sentNow.add(command.id()));
    List<Integer> earlier = new ArrayList<>(0);
    for (int at = 0; at < commands.size(); at++) {
      Command command = commands.get(at);
      boolean leased = command.timeline().getLast().leaseExpires() != null;
      if (command.state() == SENT && leased && !sentNow.contains(command.id())) {
        earlier.add(at);
      }
    }
    return earlier;
  }

  private void apply(int at, CommandTrigger trigger) {
    Command command = commands.get(at);
    switch (CommandStateMachine.next(command, trigger)) {
      case CommandStateMachine.Transition.To move -> {
        Command after = CommandStateMachine.after(command, move, trigger, node, now, expected);
        commands.set(at, after);
        steps.add(after);
      }
      case CommandStateMachine.Transition.Ignore nothing -> {}
      case CommandStateMachine.Transition.Reject no -> throw no.refusal();
    }
  }

  private static Refusal full(String detail) {
    return new Refusal(ErrorCode.QUEUE_FULL, detail);
  }

  private int indexOf(String id) {
    for (int at = commands.size() - 1; at >= 0; at--) {
      if (commands.get(at).id().equals(id)) {
        return at;
      }
    }
    return -1;
  }

  private int countOf(Command.State state) {
    return (int) commands.stream().filter(command -> command.state() == state).count();
  }
}
