package io.signalbox.hub.command;

import static io.signalbox.hub.model.Command.State.QUEUED;
import static io.signalbox.hub.model.Command.State.SENT;

import io.signalbox.hub.command.DeliveryState.DeliveryMode;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
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
 * One turn of a device's mailbox: takes its unfinished commands, lets things happen to them, and
 * gives the steps that follow. Nothing outside is touched: a turn whose steps cannot be made
 * durable is thrown away.
 *
 * <p>Threading: one thread, the room's.
 */
final class QueueTransaction {
  /** A device may accept and never finish: that, too, has an end. */
  private static final int UNFINISHED_TO_QUEUED = 4;

  private final TransactionContext scene;
  private final List<Command> commands;
  private final List<Command> steps = new ArrayList<>();

  /**
   * What is so during the turn.
   *
   * @param node the name of this node
   * @param now Unix milliseconds
   * @param deliveryState who speaks for the device, how it takes commands, and what it has lost
   * @param expected when the device is expected to come, if it takes none now (ms); null if nobody
   *     can tell
   * @param settings limits
   */
  record TransactionContext(
      String node,
      long now,
      DeliveryState deliveryState,
      @Nullable Long expected,
      CommandSettings settings) {}

  /** A turn over a device's unfinished commands, oldest first. */
  QueueTransaction(List<Command> unfinished, TransactionContext scene) {
    this.commands = new ArrayList<>(unfinished);
    this.scene = scene;
  }

  /** Ends what is past its time: before anything else, so that time decides and not the order. */
  void expire() {
    for (int at = 0; at < commands.size(); at++) {
      if (commands.get(at).expires() <= scene.now()) {
        apply(at, new CommandTrigger.TimedOut());
      }
    }
  }

  /** Adds a new command; refuses {@code QUEUE_FULL}. */
  void add(Command command) {
    commands.add(command);
    steps.add(command);
    supersede();
    int most = scene.settings().maxQueued();
    if (countOf(QUEUED) > most) {
      throw full("%d commands are queued for %s already".formatted(most, command.device()));
    }
    if (unfinished().size() > most * UNFINISHED_TO_QUEUED) {
      throw full("%s has not finished what it has accepted".formatted(command.device()));
    }
  }

  /** Lets something happen to one command; refuses what may not be. */
  void fire(String id, CommandTrigger what) {
    int at = indexOf(id);
    if (at < 0) {
      throw new Refusal(ErrorCode.UNKNOWN_COMMAND, "there is no command " + id);
    }
    apply(at, what);
  }

  /** Lets something happen to every command. */
  void fireForAll(CommandTrigger what) {
    for (int at = 0; at < commands.size(); at++) {
      apply(at, what);
    }
  }

  /** Queues again what was sent and is lost. */
  void requeueLost() {
    for (int at = 0; at < commands.size(); at++) {
      Command command = commands.get(at);
      String reason =
          command.state() == SENT ? scene.deliveryState().whyLost(command, scene.now()) : null;
      if (reason != null) {
        apply(at, new CommandTrigger.Lost(reason));
      }
    }
  }

  /**
   * Queues again what was handed out to a poll of that session and could not be written; not what
   * has been handed out once more since.
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

  /** Brings everything into order: collapses, and hands out what is due. */
  void settle() {
    supersede();
    dispatch();
  }

  /** The command as this turn leaves it. */
  Command find(String id) {
    return commands.get(indexOf(id));
  }

  /** Every step of the turn, in order: the commands as they are after it. */
  List<Command> steps() {
    return steps;
  }

  /** What remains unfinished, oldest first. */
  List<Command> unfinished() {
    return commands.stream().filter(command -> !command.state().isFinal()).toList();
  }

  /**
   * What is to be delivered now, in order: what this turn handed out and left so, but for what the
   * device says it has.
   */
  List<Command> handedOut() {
    return steps.stream().filter(this::isHandedOut).toList();
  }

  private boolean isHandedOut(Command step) {
    return step.state() == SENT
        && find(step.id()).version() == step.version()
        && !(scene.deliveryState().isConfirmed(step) && CommandStateMachine.handouts(step) > 1);
  }

  /**
   * When there is something to do: a command that is held back becomes due for somebody who is
   * here, or a lease is over; {@code Long.MAX_VALUE} if neither will be.
   */
  long nextDue() {
    return commands.stream().mapToLong(this::due).min().orElse(Long.MAX_VALUE);
  }

  private long due(Command command) {
    if (command.state() == SENT) {
      return scene.deliveryState().leaseEnd(command);
    }
    boolean held = command.state() == QUEUED && command.notBefore() > scene.now();
    return held && scene.deliveryState().isOpen() ? command.notBefore() : Long.MAX_VALUE;
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
    Session session = scene.deliveryState().session();
    DeliveryMode mode = scene.deliveryState().mode();
    if (session == null || mode instanceof DeliveryMode.Unavailable) {
      return;
    }
    boolean unsure =
        mode instanceof DeliveryMode.Pull held && held.receipt() instanceof Receipt.Unknown;
    if (unsure && !sendAgain(mode)) {
      return;
    }
    int window = scene.settings().maxInFlight() - countOf(SENT);
    int most = mode.maxCommands() - handedOut().size();
    for (int at = 0; at < commands.size() && window > 0; at++) {
      boolean there = isThere(commands.get(at));
      if (isDue(at) && (there || most > 0)) {
        apply(at, new CommandTrigger.Dispatched(session, mode.until(scene.now())));
        window--;
        most -= there ? 0 : 1;
      }
    }
  }

  /** Whether the device was given it before, and says that it has it: it is not written again. */
  private boolean isThere(Command command) {
    return scene.deliveryState().isConfirmed(command) && CommandStateMachine.handouts(command) > 0;
  }

  /** How many commands can be handed out, if so many that were sent are taken back before. */
  private int capacity(DeliveryMode mode, int takenBack) {
    int inFlight = countOf(SENT) - takenBack;
    return Math.min(
        scene.settings().maxInFlight() - inFlight, mode.maxCommands() - handedOut().size());
  }

  private boolean isDue(int at) {
    Command command = commands.get(at);
    return command.state() == QUEUED && command.notBefore() <= scene.now();
  }

  /**
   * What polls were given before may not have come: it goes again together with what is due now, in
   * order, so that the order holds whether it has come or not. False if there is no room for both:
   * then what is due waits.
   */
  private boolean sendAgain(DeliveryMode mode) {
    List<Integer> doubtful = isAnyDue() ? doubtful() : List.of();
    if (doubtful.isEmpty()) {
      return true;
    }
    if (capacity(mode, doubtful.size()) <= doubtful.size()) {
      return false;
    }
    doubtful.forEach(at -> apply(at, new CommandTrigger.Lost("sent again before what is newer")));
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

  /** Where those stand that polls before have been given. */
  private List<Integer> doubtful() {
    Set<String> handedOut = new HashSet<>();
    handedOut().forEach(command -> handedOut.add(command.id()));
    List<Integer> doubtful = new ArrayList<>(0);
    for (int at = 0; at < commands.size(); at++) {
      Command command = commands.get(at);
      boolean leased = command.timeline().getLast().leaseExpires() != null;
      if (command.state() == SENT && leased && !handedOut.contains(command.id())) {
        doubtful.add(at);
      }
    }
    return doubtful;
  }

  private void apply(int at, CommandTrigger what) {
    Command command = commands.get(at);
    switch (CommandStateMachine.next(command, what)) {
      case CommandStateMachine.Transition.To move -> {
        Command after = CommandStateMachine.after(command, move, what, scene);
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
