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
 * The commands that a device has been given. Each is begun once, in the order in which they come,
 * however often it comes, and answered each time; it is remembered until its time is over. A result
 * that was said shortly before a connection was lost may not have been heard: it is said again on
 * the next one.
 */
final class CommandExecutor {
  private static final int MOST_KEPT = 1000;

  /** A connection that lives on for so long has carried what was said before. */
  private static final long HEARD_AFTER_MILLIS = 5_000;

  private static final long PUT_OFF_MILLIS = 1_000;

  private final DeviceModel machine;
  private final CommandBehaviour behaviour;
  private final RandomGenerator random;
  private final DeliveryRecorder recorder;
  private final Map<String, PendingCommand> known = new LinkedHashMap<>(4);
  private final List<Result> words = new ArrayList<>(0);
  private final List<PendingCommand> toSay = new ArrayList<>(0);
  private final List<PendingCommand> unsure = new ArrayList<>(0);
  private @Nullable PendingCommand underway;

  CommandExecutor(
      DeviceModel machine,
      CommandBehaviour behaviour,
      RandomGenerator random,
      DeliveryRecorder recorder) {
    this.machine = machine;
    this.behaviour = behaviour;
    this.random = random;
    this.recorder = recorder;
  }

  /** Begins a command that is new. Whether the connection is to be cut, as if by accident. */
  boolean take(HubFrame.Command command, long now) {
    PendingCommand earlier = known.get(command.id());
    if (earlier != null) {
      repeat(earlier, now);
      return false;
    }
    if (command.expires() <= now) {
      recorder.tooLate();
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
      words.add(new Result(earlier.id(), Status.ACCEPTED, Map.of(), ""));
    } else if (!toSay.contains(earlier)) {
      toSay.add(earlier);
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
      settle(begun, Status.REJECTED, Map.of(), "not now, by chance", later(now));
    } else if (happens(faults.fail())) {
      settle(begun, Status.FAILED, Map.of(), "tried, and failed by chance", later(now));
    } else {
      obey(begun, command.name(), command.params(), now);
    }
  }

  private void obey(PendingCommand begun, String name, JsonNode params, long now) {
    switch (machine.execute(name, params)) {
      case CommandOutcome.Done done -> settle(begun, Status.SUCCEEDED, done.data(), "", later(now));
      case CommandOutcome.Failed no ->
          settle(begun, Status.FAILED, Map.of(), no.reason(), later(now));
      case CommandOutcome.Rejected no ->
          settle(begun, Status.REJECTED, Map.of(), no.reason(), later(now));
      case CommandOutcome.InProgress atIt -> {
        giveWay("a newer command took its place", now);
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
      toSay.add(begun);
    }
  }

  private void accept(PendingCommand begun) {
    if (!begun.isSilent()) {
      words.add(new Result(begun.id(), Status.ACCEPTED, Map.of(), ""));
    }
  }

  private boolean happens(double chance) {
    return Probability.happens(chance, random);
  }

  /** Whether the machine is still at work on one. */
  boolean isBusy() {
    return underway != null;
  }

  /** The machine has moved: perhaps it has got to where the command under way wants it. */
  void look(long now) {
    Map<String, Object> data = underway == null ? null : machine.settled();
    if (underway != null && data != null) {
      settle(underway, Status.SUCCEEDED, data, "", now);
      underway = null;
    }
  }

  /** Something newer wants the machine elsewhere: what is under way will not be done. */
  void giveWay(String why, long now) {
    if (underway != null) {
      settle(underway, Status.FAILED, Map.of(), why, now);
      underway = null;
    }
  }

  /** When {@link #due} has something; {@link Long#MAX_VALUE} for never. */
  long dueAt() {
    long first = words.isEmpty() ? Long.MAX_VALUE : 0;
    for (PendingCommand each : toSay) {
      first = Math.min(first, each.dueAt());
    }
    return first;
  }

  /** What is to be said now, in order; it counts as said. */
  List<Result> due(long now) {
    if (words.isEmpty() && toSay.isEmpty()) {
      return List.of();
    }
    List<Result> due = new ArrayList<>(words);
    words.clear();
    for (Iterator<PendingCommand> each = toSay.iterator(); each.hasNext(); ) {
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
    settled.said(now);
    recorder.answered(answer);
    if (!settled.isHeard() && !unsure.contains(settled)) {
      unsure.add(settled);
    }
  }

  /** The hub is there: what was said a while ago on this connection has been heard. */
  void heardFromHub(long now) {
    while (!unsure.isEmpty() && unsure.getFirst().saidAt() + HEARD_AFTER_MILLIS <= now) {
      PendingCommand sure = unsure.removeFirst();
      sure.heard();
      recorder.heard(sure.id(), sure.saidAt());
    }
  }

  /** The hub has said that it has the answer to a command. */
  void confirmed(String id) {
    for (Iterator<PendingCommand> each = unsure.iterator(); each.hasNext(); ) {
      PendingCommand sure = each.next();
      if (sure.id().equals(id)) {
        each.remove();
        sure.heard();
        recorder.heard(id, sure.saidAt());
        return;
      }
    }
  }

  /** The hub could not take an answer just now: whatever it may have been is said again. */
  void putOff(long now, long atLeastMillis) {
    for (PendingCommand each : unsure) {
      Result answer = each.answer();
      if (answer != null && !toSay.contains(each)) {
        each.settle(answer, now + Math.max(PUT_OFF_MILLIS, atLeastMillis));
        toSay.add(each);
      }
    }
    unsure.clear();
  }

  /** The connection is lost, and perhaps what was said on it last. */
  void connectionLost() {
    words.clear();
    unsure.stream().filter(each -> !toSay.contains(each)).forEach(toSay::add);
    unsure.clear();
  }

  /** There is a connection again. */
  void reconnected() {
    if (happens(behaviour.faults().forget())) {
      known.clear();
      toSay.clear();
      underway = null;
      return;
    }
    known.values().stream()
        .filter(each -> each.isHeard() && !toSay.contains(each))
        .filter(each -> happens(behaviour.faults().resend()))
        .forEach(toSay::add);
  }

  private void forgetWhatIsOver(long now) {
    Iterator<PendingCommand> eldest = known.values().iterator();
    while (eldest.hasNext()) {
      PendingCommand each = eldest.next();
      boolean over = each.expires() < now || known.size() >= MOST_KEPT;
      if (!over || each == underway || toSay.contains(each)) {
        return;
      }
      eldest.remove();
    }
  }
}
