package io.signalbox.sim.device;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.model.DeviceModel;
import java.util.List;
import java.util.Optional;

/** Applies commands and the twin's desired state to a device. */
final class CommandHandler {
  private static final long GLANCE_MILLIS = 250;

  private final DeviceModel model;
  private final CommandExecutor commands;
  private final DeliveryRecorder recorder;

  /** Creates a handler without commands. */
  CommandHandler(DeviceModel model, CommandExecutor commands, DeliveryRecorder recorder) {
    this.model = model;
    this.commands = commands;
    this.recorder = recorder;
  }

  /** Starts a command if it is new. Returns whether to cut the connection as an injected fault. */
  boolean command(HubFrame.Command command, long now) {
    model.readAt(now);
    return commands.take(command, now);
  }

  /** Applies the known properties of a desired state; the state to report. */
  Optional<DeviceFrame> applyDesired(JsonNode desired, long now) {
    model.readAt(now);
    DeviceModel.Reported reported = model.adopt(desired);
    if (reported.changed()) {
      commands.supersede("superseded by the desired state", now);
    }
    return reported.patch().isEmpty()
        ? Optional.empty()
        : Optional.of(new DeviceFrame.Reported(reported.patch()));
  }

  /** Advances the model if a command is in progress. */
  void work(long now) {
    if (commands.isBusy()) {
      model.readAt(now);
      commands.look(now);
    }
  }

  /** Time at which {@link #work} is due next. */
  long workDueAt(long now) {
    return commands.isBusy() ? now + GLANCE_MILLIS : Long.MAX_VALUE;
  }

  /** Removes and returns the results to send now, in order. */
  List<DeviceFrame.Result> answers(long now) {
    return commands.due(now);
  }

  /** Time at which a result is due. */
  long answerDueAt() {
    return commands.dueAt();
  }

  /** Confirms older results on a link without explicit confirmations. */
  void heardFromHub(long now) {
    commands.heardFromHub(now);
  }

  /** Confirms a result. */
  void confirmed(String id) {
    commands.confirmed(id);
  }

  /** Handles a refused result or report. */
  void refused(HubFrame.Refusal refusal, long now) {
    String why = refusal.code() + ", " + refusal.message();
    if (refusal.code().equals("command-finished")) {
      recorder.answeredInVain();
    } else if (refusal.passes()) {
      commands.deferred(now, refusal.afterMillis());
      recorder.problem(why);
    } else {
      recorder.protocolErrors(why);
    }
  }

  void connectionLost() {
    commands.connectionLost();
  }

  void reconnected() {
    commands.reconnected();
  }
}
