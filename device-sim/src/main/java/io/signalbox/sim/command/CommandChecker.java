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
 * Compares the hub's record of one command with the request and with the device's execution log.
 * Pure.
 *
 * <p>A final state set by the device must match a status it sent. A command that ended otherwise
 * without being sent must not have been executed. A command that was sent and ended otherwise must
 * not have been answered well before its end on a connection that stayed up.
 */
final class CommandChecker {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> ANSWERS = Set.of("succeeded", "failed", "rejected");

  /** The hub must know an answer that was sent this long before the end. */
  private static final long KNOWN_AFTER_MILLIS = 10_000;

  /** Tolerance for the difference between two clocks. */
  private static final long CLOCKS_MILLIS = 250;

  private final IssuedCommand issued;
  private final JsonNode hub;
  private final @Nullable Execution execution;
  private final List<String> faults = new ArrayList<>(0);

  private CommandChecker(IssuedCommand issued, JsonNode hub, @Nullable Execution execution) {
    this.issued = issued;
    this.hub = hub;
    this.execution = execution;
  }

  /**
   * The errors found, each a clause that completes "command … of …: "; empty if none.
   *
   * @param hub the command as the hub shows it
   * @param execution the device's execution; null if it never started the command
   */
  static List<String> faults(IssuedCommand issued, JsonNode hub, @Nullable Execution execution) {
    CommandChecker checker = new CommandChecker(issued, hub, execution);
    checker.identity();
    checker.timeline();
    checker.execution();
    checker.end();
    return checker.faults;
  }

  private void identity() {
    boolean same =
        hub.path("device").asText().equals(issued.device())
            && hub.path("name").equals(issued.requested("name"))
            && same(plain(hub.path("params")), plain(issued.requested("params")));
    if (!same) {
      faults.add(
          "the hub has "
              + hub.path("name")
              + " "
              + hub.path("params")
              + " for "
              + hub.path("device")
              + ", but the request was "
              + issued.body()
              + " for "
              + issued.device());
    }
  }

  private void timeline() {
    long before = 0;
    boolean over = false;
    for (JsonNode step : hub.path("timeline")) {
      if (over) {
        faults.add("timeline continues after the final state: " + states());
        return;
      }
      if (step.path("ts").asLong() < before) {
        faults.add("timeline timestamps decrease");
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
      faults.add("the device executed it " + execution.times() + " times");
    }
    long notBefore = issued.requested("notBefore").asLong();
    if (execution.startedAt() < notBefore - CLOCKS_MILLIS) {
      faults.add(
          "the device received it " + (notBefore - execution.startedAt()) + " ms before notBefore");
    }
  }

  private void end() {
    String state = hub.path("state").asText();
    if (!IssuedCommands.isFinal(state)) {
      faults.add(
          "the state is still "
              + state
              + ", although it expired at "
              + hub.path("expires").asLong());
    } else if (isByDevice(hub, issued.device())) {
      answered(state);
    } else {
      unanswered(state);
    }
  }

  /** The hub also sets failed itself; the timeline then does not name the device. */
  private static boolean isByDevice(JsonNode hub, String device) {
    JsonNode last = last(hub);
    return last.path("by").asText().equals(device) && ANSWERS.contains(last.path("state").asText());
  }

  private void answered(String state) {
    if (execution == null) {
      faults.add("the hub has state " + state + ", but the device never started it");
    } else if (execution.results().stream().noneMatch(result -> isSame(result, state))) {
      faults.add(
          "the hub has state " + hubState(state) + ", but the device sent " + sent(execution));
    }
  }

  private boolean isSame(ExecutionLog.StatusReport result, String state) {
    return result.status().equals(state)
        && same(plain(hub.path("result")), plain(result.data()))
        && hub.path("error").asText().equals(result.error());
  }

  private void unanswered(String state) {
    if (execution == null) {
      return;
    }
    if (!isSent(hub)) {
      faults.add("the hub has state " + state + " and never sent it, but the device started it");
    } else if (execution.confirmedAt() > 0
        && execution.confirmedAt() + KNOWN_AFTER_MILLIS < last(hub).path("ts").asLong()) {
      faults.add(
          "the hub has state "
              + state
              + " at "
              + last(hub).path("ts")
              + ", but the device sent "
              + sent(execution)
              + " at "
              + execution.confirmedAt());
    }
  }

  /** Whether a command was sent and ended without an answer of its device. */
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

  private String hubState(String state) {
    String error = hub.path("error").asText();
    return state
        + (hub.has("result") ? " " + hub.path("result") : "")
        + (error.isEmpty() ? "" : " (" + error + ")");
  }

  private static String sent(Execution execution) {
    List<String> sent = new ArrayList<>();
    for (ExecutionLog.StatusReport result : execution.results()) {
      sent.add(
          result.status()
              + (result.data().isEmpty() ? "" : " " + plain(result.data()))
              + (result.error().isEmpty() ? "" : " (" + result.error() + ")"));
    }
    return sent.isEmpty() ? "nothing" : String.join(", then ", sent);
  }

  /** Compares numbers by value, because CBOR does not distinguish 20 and 20.0. */
  private static boolean same(JsonNode one, JsonNode other) {
    return one.equals(CommandChecker::compare, other);
  }

  private static int compare(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue());
    }
    return one.equals(other) ? 0 : 1;
  }

  /** Normalizes values by serializing and parsing them. */
  private static JsonNode plain(Map<String, Object> data) {
    return data.isEmpty() ? MissingNode.getInstance() : plain(JSON.<JsonNode>valueToTree(data));
  }

  private static JsonNode plain(JsonNode node) {
    try {
      return node.isMissingNode() ? node : JSON.readTree(node.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("own JSON is not parseable", e);
    }
  }
}
