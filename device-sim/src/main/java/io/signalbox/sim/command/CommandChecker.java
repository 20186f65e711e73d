package io.signalbox.sim.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.signalbox.sim.report.ExecutionLog;
import io.signalbox.sim.report.ExecutionLog.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the hub says of one command against what was asked and what the device did. Pure.
 *
 * <p>An end that the device has given must be one that it gave. Any other end may only be told of a
 * command that was never sent if the device has not done it; and of one that was sent if no answer
 * of the device came long before the end on a connection that lived on.
 */
final class CommandChecker {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> ANSWERS = Set.of("succeeded", "failed", "rejected");

  /** An answer that came so long before the end must be known by then. */
  private static final long KNOWN_AFTER_MILLIS = 10_000;

  /** Clocks that stand side by side may differ by so much. */
  private static final long CLOCKS_MILLIS = 250;

  private final IssuedCommand order;
  private final JsonNode hub;
  private final @Nullable Execution execution;
  private final List<String> faults = new ArrayList<>(0);

  private CommandChecker(IssuedCommand order, JsonNode hub, @Nullable Execution execution) {
    this.order = order;
    this.hub = hub;
    this.execution = execution;
  }

  /**
   * What is wrong, each a clause that completes "command … of …: "; empty if all is true.
   *
   * @param hub the command as the hub shows it
   * @param execution what the device did; null if it has never begun it
   */
  static List<String> faults(IssuedCommand order, JsonNode hub, @Nullable Execution execution) {
    CommandChecker trial = new CommandChecker(order, hub, execution);
    trial.identity();
    trial.timeline();
    trial.execution();
    trial.end();
    return trial.faults;
  }

  private void identity() {
    boolean same =
        hub.path("device").asText().equals(order.device())
            && hub.path("name").equals(order.asked("name"))
            && same(plain(hub.path("params")), plain(order.asked("params")));
    if (!same) {
      faults.add(
          "the hub shows "
              + hub.path("name")
              + " "
              + hub.path("params")
              + " of "
              + hub.path("device")
              + ", but "
              + order.body()
              + " was asked of "
              + order.device());
    }
  }

  private void timeline() {
    long before = 0;
    boolean over = false;
    for (JsonNode step : hub.path("timeline")) {
      if (over) {
        faults.add("its timeline goes on after its end: " + states());
        return;
      }
      if (step.path("ts").asLong() < before) {
        faults.add("its timeline goes back in time");
        return;
      }
      before = step.path("ts").asLong();
      over = IssuedCommands.isFinal(step.path("state").asText());
    }
  }

  private void execution() {
    if (execution == null) {
      return;
    }
    if (execution.times() > 1) {
      faults.add("the device has done it " + execution.times() + " times");
    }
    long notBefore = order.asked("notBefore").asLong();
    if (execution.begunAt() < notBefore - CLOCKS_MILLIS) {
      faults.add("the device got it " + (notBefore - execution.begunAt()) + " ms before its time");
    }
  }

  private void end() {
    String state = hub.path("state").asText();
    if (!IssuedCommands.isFinal(state)) {
      faults.add(
          "it is "
              + state
              + " and has not ended, though its time was over at "
              + hub.path("expires").asLong());
    } else if (isByDevice(hub, order.device())) {
      answered(state);
    } else {
      unanswered(state);
    }
  }

  /** A hub that gives up by itself says failed too, but not that the device said so. */
  private static boolean isByDevice(JsonNode hub, String device) {
    JsonNode last = last(hub);
    return last.path("by").asText().equals(device) && ANSWERS.contains(last.path("state").asText());
  }

  private void answered(String state) {
    if (execution == null) {
      faults.add("the hub says " + state + ", but the device has never begun it");
    } else if (execution.said().stream().noneMatch(said -> isSame(said, state))) {
      faults.add("the hub says " + said(state) + ", but the device said " + told(execution));
    }
  }

  private boolean isSame(ExecutionLog.StatusReport said, String state) {
    return said.status().equals(state)
        && same(plain(hub.path("result")), plain(said.data()))
        && hub.path("error").asText().equals(said.error());
  }

  private void unanswered(String state) {
    if (execution == null) {
      return;
    }
    if (!isSent(hub)) {
      faults.add(
          "the hub says " + state + " and that it was never sent, but the device has begun it");
    } else if (execution.heardAt() > 0
        && execution.heardAt() + KNOWN_AFTER_MILLIS < last(hub).path("ts").asLong()) {
      faults.add(
          "the hub says "
              + state
              + " at "
              + last(hub).path("ts")
              + ", but the device said "
              + told(execution)
              + " at "
              + execution.heardAt());
    }
  }

  /** Whether a command was sent, and has ended without a word of its device. */
  static boolean leavesOpen(JsonNode hub) {
    return isSent(hub) && !isByDevice(hub, hub.path("device").asText());
  }

  private static boolean isSent(JsonNode hub) {
    for (JsonNode step : hub.path("timeline")) {
      if (step.path("state").asText().equals("sent")) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode last(JsonNode hub) {
    JsonNode timeline = hub.path("timeline");
    return timeline.path(timeline.size() - 1);
  }

  private String states() {
    List<String> states = new ArrayList<>();
    hub.path("timeline").forEach(step -> states.add(step.path("state").asText()));
    return String.join(", ", states);
  }

  private String said(String state) {
    String error = hub.path("error").asText();
    return state
        + (hub.has("result") ? " " + hub.path("result") : "")
        + (error.isEmpty() ? "" : " (" + error + ")");
  }

  private static String told(Execution execution) {
    List<String> told = new ArrayList<>();
    for (ExecutionLog.StatusReport said : execution.said()) {
      told.add(
          said.status()
              + (said.data().isEmpty() ? "" : " " + plain(said.data()))
              + (said.error().isEmpty() ? "" : " (" + said.error() + ")"));
    }
    return told.isEmpty() ? "nothing" : String.join(", then ", told);
  }

  /** Numbers are the same that have the same value: CBOR does not keep 20 and 20.0 apart. */
  private static boolean same(JsonNode one, JsonNode other) {
    return one.equals(CommandChecker::compare, other);
  }

  private static int compare(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue());
    }
    return one.equals(other) ? 0 : 1;
  }

  /** As it is written and read again: 20 is 20, however it was kept. */
  private static JsonNode plain(Map<String, Object> data) {
    return data.isEmpty() ? MissingNode.getInstance() : plain(JSON.<JsonNode>valueToTree(data));
  }

  private static JsonNode plain(JsonNode node) {
    try {
      return node.isMissingNode() ? node : JSON.readTree(node.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON that was written can be read", e);
    }
  }
}
