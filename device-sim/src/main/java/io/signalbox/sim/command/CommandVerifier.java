package io.signalbox.sim.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.api.HubApiException;
import io.signalbox.sim.report.ExecutionLog;
import io.signalbox.sim.report.ExecutionLog.Execution;
import io.signalbox.sim.report.SentReadings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that every command acknowledged by the hub ended in a correct state: reads each from the
 * hub and compares it with its device's execution log, then checks that each device executed no
 * other commands and followed the order of the hub's queue.
 *
 * <p>Threading: runs on the context that calls {@link #run}.
 */
public final class CommandVerifier {
  private static final int LANES = 8;
  private static final long ASK_AGAIN_MILLIS = 500;
  private static final int PAGE = 500;

  private final Vertx vertx;
  private final HubApi api;
  private final IssuedCommands issuedCommands;
  private final Map<String, ExecutionLog> executions = new HashMap<>();
  private final Map<String, List<ExecutionRef>> begun = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private final CommandVerification findings = new CommandVerification();
  private final long giveUpNanos;

  /** A command that its device started, with its position in the device's order. */
  private record ExecutionRef(String id, int place) {}

  /** An executed command that this run did not create. */
  private record ForeignCommand(String device, String id) {}

  /** Creates a verifier that fails if the hub is unreachable for {@code patience}. */
  public CommandVerifier(
      Vertx vertx,
      HubApi api,
      IssuedCommands issuedCommands,
      Iterable<SentReadings> sentByDevice,
      Duration patience) {
    this.vertx = vertx;
    this.api = api;
    this.issuedCommands = issuedCommands;
    this.giveUpNanos = System.nanoTime() + patience.toNanos();
    sentByDevice.forEach(sent -> executions.put(sent.device(), sent.executions()));
  }

  /** Compares all commands; fails only if the hub cannot be read. */
  public Future<CommandVerification> run() {
    List<IssuedCommand> taken =
        issuedCommands.all().stream().filter(each -> !each.id().isEmpty()).toList();
    taken.forEach(issued -> known.add(issued.id()));
    return lanes(taken, this::compared)
        .compose(compared -> lanes(foreignCommands(), this::checkForeignLater))
        .compose(checkForeignLater -> lanes(List.copyOf(begun.keySet()), this::inOrder))
        .map(ordered -> findings);
  }

  private <T> Future<Void> lanes(List<T> all, Function<T, Future<Void>> step) {
    Iterator<T> queue = all.iterator();
    List<Future<Void>> lanes = IntStream.range(0, LANES).mapToObj(n -> lane(queue, step)).toList();
    return Future.all(lanes).mapEmpty();
  }

  private static <T> Future<Void> lane(Iterator<T> queue, Function<T, Future<Void>> step) {
    return queue.hasNext()
        ? step.apply(queue.next()).compose(done -> lane(queue, step))
        : Future.succeededFuture();
  }

  private Future<Void> compared(IssuedCommand issued) {
    return read(issued.id()).map(found -> compare(issued, found));
  }

  private @Nullable Void compare(IssuedCommand issued, Optional<JsonNode> found) {
    String who = "command " + issued.id() + " of " + issued.device() + ": ";
    if (found.isEmpty()) {
      findings.fault(who + "acknowledged, but not found at the hub");
      return null;
    }
    JsonNode hub = found.get();
    ExecutionLog done = executions.get(issued.device());
    Execution execution = done == null ? null : done.of(issued.id());
    List<String> faults = CommandChecker.faults(issued, hub, execution);
    faults.forEach(fault -> findings.fault(who + fault));
    findings.compared(hub.path("state").asText(), CommandChecker.leavesOpen(hub));
    if (execution != null && !hub.has("notBefore")) {
      begun
          .computeIfAbsent(issued.device(), device -> new ArrayList<>())
          .add(new ExecutionRef(issued.id(), execution.place()));
    }
    return null;
  }

  /** The hub's record of a command; empty if not found. */
  private Future<Optional<JsonNode>> read(String id) {
    return ask("/commands/" + id);
  }

  /** Gets a document, with retries; empty if not found. */
  private Future<Optional<JsonNode>> ask(String path) {
    return api.get(path).map(Optional::of).recover(fault -> again(path, fault));
  }

  private Future<Optional<JsonNode>> again(String path, Throwable fault) {
    if (fault instanceof HubApiException refused && refused.isNotFound()) {
      return Future.succeededFuture(Optional.empty());
    }
    boolean settled = fault instanceof HubApiException refused && !refused.isRetryable();
    return settled || System.nanoTime() > giveUpNanos
        ? Future.failedFuture(fault)
        : vertx.timer(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS).compose(now -> ask(path));
  }

  private List<ForeignCommand> foreignCommands() {
    List<ForeignCommand> foreignCommands = new ArrayList<>();
    executions.forEach(
        (device, done) ->
            done.all().stream()
                .filter(execution -> !known.contains(execution.id()))
                .forEach(
                    execution -> foreignCommands.add(new ForeignCommand(device, execution.id()))));
    return foreignCommands;
  }

  private Future<Void> checkForeignLater(ForeignCommand foreign) {
    return read(foreign.id()).map(found -> checkForeign(foreign, found));
  }

  private @Nullable Void checkForeign(ForeignCommand foreign, Optional<JsonNode> found) {
    String who = "command " + foreign.id() + " of " + foreign.device() + ": ";
    int number = found.map(issuedCommands::numberOf).orElse(-1);
    if (found.isEmpty()) {
      findings.fault(who + "executed by the device, but not found at the hub");
    } else if (number < 0 || number >= issuedCommands.all().size()) {
      findings.ofOthers();
    } else {
      IssuedCommand issued = issuedCommands.all().get(number);
      if (!issued.id().isEmpty()) {
        findings.fault(
            who + "created by the same request as " + issued.id() + ", and both were executed");
      } else if (!issued.refusal().isEmpty()) {
        findings.fault(who + "executed, but rejected by the hub: " + issued.refusal());
      }
    }
    return null;
  }

  /** Compares the order in which a device started its commands with the hub's queue. */
  private Future<Void> inOrder(String device) {
    List<ExecutionRef> commands = begun.getOrDefault(device, List.of());
    Map<String, Integer> places = new HashMap<>();
    return queued(device, "", places).map(read -> inOrder(device, commands, places));
  }

  /**
   * Reads a device's queue, which the hub lists newest first. Timestamps do not define the order:
   * the clock may be set back between two commands.
   */
  private Future<Void> queued(String device, String cursor, Map<String, Integer> places) {
    String query = "?limit=" + PAGE + (cursor.isEmpty() ? "" : "&cursor=" + encoded(cursor));
    return ask("/devices/" + encoded(device) + "/commands" + query)
        .compose(
            page -> {
              JsonNode listed = page.orElse(MissingNode.getInstance());
              listed
                  .path("items")
                  .forEach(item -> places.put(item.path("id").asText(), -places.size()));
              String next = listed.path("next").asText("");
              return listed.path("next").isTextual()
                  ? queued(device, next, places)
                  : Future.succeededFuture();
            });
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private @Nullable Void inOrder(
      String device, List<ExecutionRef> commands, Map<String, Integer> places) {
    commands.stream()
        .filter(command -> !places.containsKey(command.id()))
        .forEach(command -> fault(command, device, "missing in the hub's list"));
    List<ExecutionRef> inQueue =
        commands.stream()
            .filter(command -> places.containsKey(command.id()))
            .sorted(Comparator.comparing(command -> places.get(command.id())))
            .toList();
    for (int i = 1; i < inQueue.size(); i++) {
      ExecutionRef earlier = inQueue.get(i - 1);
      ExecutionRef later = inQueue.get(i);
      if (later.place() < earlier.place()) {
        fault(later, device, "started before " + earlier.id() + ", which was created earlier");
      }
    }
    return null;
  }

  private void fault(ExecutionRef command, String device, String what) {
    findings.fault("command " + command.id() + " of " + device + ": " + what);
  }
}
