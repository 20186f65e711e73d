package io.signalbox.hub.job;

import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.SessionEnd;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The device side of a session: answers commands according to its behaviour. */
final class JobDevice {
  /** Behaviour of a device for a command. */
  enum Behaviour {
    SUCCEEDS,
    FAILS,
    REJECTS,
    ACCEPTS,
    IS_SILENT
  }

  private final Session session;
  private final Behaviour behaviour;
  private final CommandService commands;
  private final BooleanSupplier alive;
  private final List<Command> delivered = new CopyOnWriteArrayList<>();

  /** {@code alive} is true until the hub is killed; later deliveries are ignored. */
  JobDevice(Session session, Behaviour behaviour, CommandService commands, BooleanSupplier alive) {
    this.session = session;
    this.alive = alive;
    this.behaviour = behaviour;
    this.commands = commands;
  }

  void attach() {
    commands.attach(session, this::take);
  }

  void detach() {
    commands.detach(session, SessionEnd.Cause.CLOSED);
  }

  String device() {
    return session.device();
  }

  List<Command> delivered() {
    return delivered;
  }

  /** Reports the state of every command that it received. */
  void says(State status) {
    delivered.forEach(command -> say(command, status));
  }

  private void take(Command command) {
    if (!alive.getAsBoolean()) {
      return;
    }
    delivered.add(command);
    switch (behaviour) {
      case SUCCEEDS -> say(command, State.SUCCEEDED);
      case FAILS -> say(command, State.FAILED);
      case REJECTS -> say(command, State.REJECTED);
      case ACCEPTS -> say(command, State.ACCEPTED);
      case IS_SILENT -> {}
    }
  }

  private void say(Command command, State status) {
    commands.result(session, new CommandResult(command.id(), status, null, null));
  }
}
