package io.signalbox.sim.device;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.model.DeviceModel;
import java.util.List;
import java.util.Optional;

/** What the hub wants of a device: commands, and the twin's desired state. */
final class CommandHandler {
  private static final long GLANCE_MILLIS = 250;

  private final DeviceModel machine;
  private final CommandExecutor commands;
  private final DeliveryRecorder recorder;

  /** Nothing to do yet. */
  CommandHandler(DeviceModel machine, CommandExecutor commands, DeliveryRecorder recorder) {
    this.machine = machine;
    this.commands = commands;
    this.recorder = recorder;
  }

  /** Begins a command that is new. Whether the connection is to be cut, as if by accident. */
  boolean command(HubFrame.Command command, long now) {
    machine.readAt(now);
    return commands.take(command, now);
  }

  /** Does what it understands of a desired state; what there is to report then. */
  Optional<DeviceFrame> wish(JsonNode desired, long now) {
    machine.readAt(now);
    DeviceModel.Reported reported = machine.adopt(desired);
    if (reported.changed()) {
      commands.giveWay("the desired state took its place", now);
    }
    return reported.patch().isEmpty()
        ? Optional.empty()
        : Optional.of(new DeviceFrame.Reported(reported.patch()));
  }

  /** The machine has moved on, if it is at work on a command. */
  void work(long now) {
    if (commands.isBusy()) {
      machine.readAt(now);
      commands.look(now);
    }
  }

  /** When {@link #work} has something to do next. */
  long workDueAt(long now) {
    return commands.isBusy() ? now + GLANCE_MILLIS : Long.MAX_VALUE;
  }

  /** The answers that are to be given now, in order; they count as given. */
  List<DeviceFrame.Result> answers(long now) {
    return commands.due(now);
  }

  /** When there is an answer to be given. */
  long answerDueAt() {
    return commands.dueAt();
  }

  /** The hub was heard on a link that confirms nothing: what was said long ago has arrived. */
  void heardFromHub(long now) {
    commands.heardFromHub(now);
  }

  /** The hub has an answer. */
  void confirmed(String id) {
    commands.confirmed(id);
  }

  /** The hub would not take an answer or a report. */
  void refused(HubFrame.Refusal refusal, long now) {
    String why = refusal.code() + ", " + refusal.message();
    if (refusal.code().equals("command-over")) {
      recorder.answeredInVain();
    } else if (refusal.passes()) {
      commands.putOff(now, refusal.afterMillis());
      recorder.trouble(why);
    } else {
      recorder.strange(why);
    }
  }

  void connectionLost() {
    commands.connectionLost();
  }

  void reconnected() {
    commands.reconnected();
  }
}
