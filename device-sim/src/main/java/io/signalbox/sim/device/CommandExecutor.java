package io.signalbox.sim.device;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.fault.CommandFaults;
import io.signalbox.sim.fault.Probability;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.DeviceFrame.Status;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.model.CommandOutcome;
import io.signalbox.sim.model.DeviceModel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Executes the commands of a device. Each command is started once, in order of arrival;
 * redeliveries are answered with the same result. Commands are remembered until they expire. A
 * result sent shortly before a connection was lost may not have arrived: it is sent again on the
 * next connection.
 */
final class CommandExecutor {
  private static final int MOST_KEPT = 1000;

  /** If the connection stays up this long after a message, the message counts as delivered. */
  private static final long HEARD_AFTER_MILLIS = 5_000;

  private static final long PUT_OFF_MILLIS = 1_000;

  private final DeviceModel model;
  private final CommandBehaviour behaviour;
  private final RandomGenerator random;
  private final DeliveryRecorder recorder;
  private final Map<String, PendingCommand> known = new LinkedHashMap<>(4);
  private final List<Result> acceptances = new ArrayList<>(0);
  private final List<PendingCommand> toSend = new ArrayList<>(0);
  private final List<PendingCommand> unsure = new ArrayList<>(0);
  private @Nullable PendingCommand underway;

  CommandExecutor(
      DeviceModel model,
      CommandBehaviour behaviour,
      RandomGenerator random,
      DeliveryRecorder recorder) {
    this.model = model;
    this.behaviour = behaviour;
    this.random = random;
    this.recorder = recorder;
  }

  /** Starts a command if it is new. Returns whether to cut the connection as an injected fault. */
  boolean take(HubFrame.Command command, long now) {
    PendingCommand earlier = known.get(command.id());
    if (earlier != null) {
      repeat(earlier, now);
      return false;
    }
    if (command.expires() <= now) {
      recorder.expired();
      return false;
    }
    begin(command, now);
    return happens(behaviour.faults().cut());
  }

  private void repeat(PendingCommand earlier, long now) {
    if (earlier.isSilent()) {
      return;
    }
    if (!earlier.isDue(now)) {
      acceptances.add(new Result(earlier.id(), Status.ACCEPTED, Map.of(), ""));
    } else if (!toSend.contains(earlier)) {
      toSend.add(earlier);
    }
  }

  private void begin(HubFrame.Command command, long now) {
    CommandFaults faults = behaviour.faults();
    forgetWhatIsOver(now);
    PendingCommand begun =
        new PendingCommand(command.id(), command.expires(), happens(faults.silent()));
    known.put(begun.id(), begun);
    recorder.begun(begun.id(), now);
    if (happens(faults.reject())) {
      settle(begun, Status.REJECTED, Map.of(), "rejected by fault injection", later(now));
    } else if (happens(faults.fail())) {
      settle(begun, Status.FAILED, Map.of(), "failed by fault injection", later(now));
    } else {
      obey(begun, command.name(), command.params(), now);
    }
  }

  private void obey(PendingCommand begun, String name, JsonNode params, long now) {
    switch (model.execute(name, params)) {
      case CommandOutcome.Done done -> settle(begun, Status.SUCCEEDED, done.data(), "", later(now));
      case CommandOutcome.Failed no ->
          settle(begun, Status.FAILED, Map.of(), no.reason(), later(now));
      case CommandOutcome.Rejected no ->
          settle(begun, Status.REJECTED, Map.of(), no.reason(), later(now));
      case CommandOutcome.InProgress atIt -> {
        supersede("superseded by a newer command", now);
        underway = begun;
        accept(begun);
      }
    }
  }

  private long later(long now) {
    boolean slow = happens(behaviour.faults().slow());
    return now + (slow ? behaviour.delay().slowMillis() : behaviour.delay().draw(random));
  }

  private void settle(
      PendingCommand begun, Status status, Map<String, Object> data, String error, long at) {
    if (happens(behaviour.faults().accept()) && begun != underway) {
      accept(begun);
    }
    begun.settle(new Result(begun.id(), status, data, error), at);
    if (!begun.isSilent()) {
      toSend.add(begun);
    }
  }

  private void accept(PendingCommand begun) {
    if (!begun.isSilent()) {
      acceptances.add(new Result(begun.id(), Status.ACCEPTED, Map.of(), ""));
    }
  }

  private boolean happens(double chance) {
    return Probability.happens(chance, random);
  }

  /** Whether a command is in progress. */
  boolean isBusy() {
    return underway != null;
  }

  /** Checks after a model step whether the command in progress is complete. */
  void look(long now) {
    Map<String, Object> data = underway == null ? null : model.settled();
    if (underway != null && data != null) {
      settle(underway, Status.SUCCEEDED, data, "", now);
      underway = null;
    }
  }

  /** Fails the command in progress because a newer target replaced it. */
  void supersede(String why, long now) {
    if (underway != null) {
      settle(underway, Status.FAILED, Map.of(), why, now);
      underway = null;
    }
  }

  /** Time at which {@link #due} has frames; {@link Long#MAX_VALUE} for never. */
  long dueAt() {
    long first = acceptances.isEmpty() ? Long.MAX_VALUE : 0;
    for (PendingCommand each : toSend) {
      first = Math.min(first, each.dueAt());
    }
    return first;
  }

  /** Removes and returns the frames to send now, in order. */
  List<Result> due(long now) {
    if (acceptances.isEmpty() && toSend.isEmpty()) {
      return List.of();
    }
    List<Result> due = new ArrayList<>(acceptances);
    acceptances.clear();
    for (Iterator<PendingCommand> each = toSend.iterator(); each.hasNext(); ) {
      PendingCommand settled = each.next();
      Result answer = settled.answer();
      if (answer != null && settled.isDue(now)) {
        each.remove();
        say(settled, answer, due, now);
      }
    }
    return due;
  }

  private void say(PendingCommand settled, Result answer, List<Result> due, long now) {
    due.add(answer);
    if (happens(behaviour.faults().duplicate())) {
      due.add(answer);
    }
    settled.sent(now);
    recorder.answered(answer);
    if (!settled.isConfirmed() && !unsure.contains(settled)) {
      unsure.add(settled);
    }
  }

  /** Confirms results sent long enough ago on this connection. */
  void heardFromHub(long now) {
    while (!unsure.isEmpty() && unsure.getFirst().sentAt() + HEARD_AFTER_MILLIS <= now) {
      PendingCommand sure = unsure.removeFirst();
      sure.confirmed();
      recorder.confirmed(sure.id(), sure.sentAt());
    }
  }

  /** Confirms the result of a command. */
  void confirmed(String id) {
    for (Iterator<PendingCommand> each = unsure.iterator(); each.hasNext(); ) {
      PendingCommand sure = each.next();
      if (sure.id().equals(id)) {
        each.remove();
        sure.confirmed();
        recorder.confirmed(id, sure.sentAt());
        return;
      }
    }
  }

  /** Repeats unconfirmed results after the hub deferred one. */
  void deferred(long now, long atLeastMillis) {
    for (PendingCommand each : unsure) {
      Result answer = each.answer();
      if (answer != null && !toSend.contains(each)) {
        each.settle(answer, now + Math.max(PUT_OFF_MILLIS, atLeastMillis));
        toSend.add(each);
      }
    }
    unsure.clear();
  }

  /** Marks recent results as unconfirmed after a lost connection. */
  void connectionLost() {
    acceptances.clear();
    unsure.stream().filter(each -> !toSend.contains(each)).forEach(toSend::add);
    unsure.clear();
  }

  /** Repeats unconfirmed results on a new connection. */
  void reconnected() {
    if (happens(behaviour.faults().forget())) {
      known.clear();
      toSend.clear();
      underway = null;
      return;
    }
    known.values().stream()
        .filter(each -> each.isConfirmed() && !toSend.contains(each))
        .filter(each -> happens(behaviour.faults().resend()))
        .forEach(toSend::add);
  }

  private void forgetWhatIsOver(long now) {
    Iterator<PendingCommand> eldest = known.values().iterator();
    while (eldest.hasNext()) {
      PendingCommand each = eldest.next();
      boolean over = each.expires() < now || known.size() >= MOST_KEPT;
      if (!over || each == underway || toSend.contains(each)) {
        return;
      }
      eldest.remove();
    }
  }
}
