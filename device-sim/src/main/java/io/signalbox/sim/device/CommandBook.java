package io.signalbox.sim.device;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.DeviceFrame.Status;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.model.Answer;
import io.signalbox.sim.model.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands that a device has been given. Each is carried out once, however often it comes, and
 * answered each time; the last {@value #KEPT} are remembered.
 */
final class CommandBook {
  private static final int KEPT = 64;

  private final Machine machine;
  private final Map<String, Result> answers = new LinkedHashMap<>(4);
  private final List<Result> owed = new ArrayList<>(0);
  private @Nullable String underway;

  CommandBook(Machine machine) {
    this.machine = machine;
  }

  /** Whether this command has come before. */
  boolean knows(String id) {
    return answers.containsKey(id);
  }

  /** Carries out a command that is new; what is to be answered, in order. */
  List<Result> take(HubFrame.Command command) {
    Result earlier = answers.get(command.id());
    return earlier == null
        ? obey(command.id(), command.name(), command.params())
        : List.of(earlier);
  }

  private List<Result> obey(String id, String name, JsonNode params) {
    return switch (machine.obey(name, params)) {
      case Answer.Done done -> List.of(note(id, Status.SUCCEEDED, done.data(), ""));
      case Answer.Failed failed -> List.of(note(id, Status.FAILED, Map.of(), failed.reason()));
      case Answer.Rejected no -> List.of(note(id, Status.REJECTED, Map.of(), no.reason()));
      case Answer.Underway begun -> begin(id);
    };
  }

  private List<Result> begin(String id) {
    List<Result> results = new ArrayList<>(2);
    if (underway != null) {
      results.add(note(underway, Status.FAILED, Map.of(), "a newer command took its place"));
    }
    underway = id;
    results.add(note(id, Status.ACCEPTED, Map.of(), ""));
    return results;
  }

  /** Whether the machine is still at work on one. */
  boolean isBusy() {
    return underway != null;
  }

  /** The result of the command that was under way, once the machine has got there. */
  List<Result> settled() {
    Map<String, Object> data = underway == null ? null : machine.settled();
    if (underway == null || data == null) {
      return List.of();
    }
    Result result = note(underway, Status.SUCCEEDED, data, "");
    underway = null;
    return List.of(result);
  }

  private Result note(String id, Status status, Map<String, Object> data, String error) {
    Result result = new Result(id, status, data, error);
    answers.put(id, result);
    if (answers.size() > KEPT) {
      answers.remove(answers.keySet().iterator().next());
    }
    return result;
  }

  /** There is no connection to answer on: to be said on the next. */
  void owe(List<Result> results) {
    owed.addAll(results);
  }

  /** What could not be said so far. */
  List<Result> takeOwed() {
    List<Result> all = List.copyOf(owed);
    owed.clear();
    return all;
  }
}
