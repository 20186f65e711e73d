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
 * Proves that every command which the hub has acknowledged ended in a true state. Each is read from
 * the hub and held against what its device did; then each device's deeds are gone through: nothing
 * that was not asked, and all in the order of the hub's queue of that device.
 *
 * <p>Threading: all of it runs on the context that calls {@link #run}.
 */
public final class CommandVerifier {
  private static final int LANES = 8;
  private static final long ASK_AGAIN_MILLIS = 500;
  private static final int PAGE = 500;

  private final Vertx vertx;
  private final HubApi api;
  private final IssuedCommands book;
  private final Map<String, ExecutionLog> executions = new HashMap<>();
  private final Map<String, List<ExecutionRef>> begun = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private final CommandVerification findings = new CommandVerification();
  private final long giveUpNanos;

  /** A command that its device has begun; as which of the device's. */
  private record ExecutionRef(String id, int place) {}

  /** Something of a device's that is unknown to the book. */
  private record ForeignCommand(String device, String id) {}

  /** A proof that gives up on a hub that is away for longer than {@code patience}. */
  public CommandVerifier(
      Vertx vertx,
      HubApi api,
      IssuedCommands book,
      Iterable<SentReadings> sentByDevice,
      Duration patience) {
    this.vertx = vertx;
    this.api = api;
    this.book = book;
    this.giveUpNanos = System.nanoTime() + patience.toNanos();
    sentByDevice.forEach(sent -> executions.put(sent.device(), sent.executions()));
  }

  /** Compares everything; fails only if the hub cannot be asked. */
  public Future<CommandVerification> run() {
    List<IssuedCommand> taken = book.all().stream().filter(each -> !each.id().isEmpty()).toList();
    taken.forEach(order -> known.add(order.id()));
    return lanes(taken, this::compared)
        .compose(compared -> lanes(strangers(), this::judged))
        .compose(judged -> lanes(List.copyOf(begun.keySet()), this::inOrder))
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

  private Future<Void> compared(IssuedCommand order) {
    return read(order.id()).map(found -> compare(order, found));
  }

  private @Nullable Void compare(IssuedCommand order, Optional<JsonNode> found) {
    String who = "command " + order.id() + " of " + order.device() + ": ";
    if (found.isEmpty()) {
      findings.fault(who + "acknowledged, but the hub does not know it");
      return null;
    }
    JsonNode hub = found.get();
    ExecutionLog done = executions.get(order.device());
    Execution execution = done == null ? null : done.of(order.id());
    List<String> faults = CommandChecker.faults(order, hub, execution);
    faults.forEach(fault -> findings.fault(who + fault));
    findings.compared(hub.path("state").asText(), CommandChecker.leavesOpen(hub));
    if (execution != null && !hub.has("notBefore")) {
      begun
          .computeIfAbsent(order.device(), device -> new ArrayList<>())
          .add(new ExecutionRef(order.id(), execution.place()));
    }
    return null;
  }

  /** What the hub says of a command; empty if it knows none of this id. */
  private Future<Optional<JsonNode>> read(String id) {
    return ask("/commands/" + id);
  }

  /** Asks until the hub answers; empty if it knows no such thing. */
  private Future<Optional<JsonNode>> ask(String path) {
    return api.get(path).map(Optional::of).recover(fault -> again(path, fault));
  }

  private Future<Optional<JsonNode>> again(String path, Throwable fault) {
    if (fault instanceof HubApiException refused && refused.isNotFound()) {
      return Future.succeededFuture(Optional.empty());
    }
    boolean settled = fault instanceof HubApiException refused && !refused.mayPass();
    return settled || System.nanoTime() > giveUpNanos
        ? Future.failedFuture(fault)
        : vertx.timer(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS).compose(now -> ask(path));
  }

  private List<ForeignCommand> strangers() {
    List<ForeignCommand> strangers = new ArrayList<>();
    executions.forEach(
        (device, done) ->
            done.all().stream()
                .filter(execution -> !known.contains(execution.id()))
                .forEach(execution -> strangers.add(new ForeignCommand(device, execution.id()))));
    return strangers;
  }

  private Future<Void> judged(ForeignCommand stranger) {
    return read(stranger.id()).map(found -> judge(stranger, found));
  }

  private @Nullable Void judge(ForeignCommand stranger, Optional<JsonNode> found) {
    String who = "command " + stranger.id() + " of " + stranger.device() + ": ";
    int number = found.map(book::numberOf).orElse(-1);
    if (found.isEmpty()) {
      findings.fault(who + "the device has done it, but the hub does not know it");
    } else if (number < 0 || number >= book.all().size()) {
      findings.ofOthers();
    } else {
      IssuedCommand order = book.all().get(number);
      if (!order.id().isEmpty()) {
        findings.fault(who + "made of the same request as " + order.id() + ", and both were done");
      } else if (!order.refusal().isEmpty()) {
        findings.fault(who + "done, but refused: " + order.refusal());
      }
    }
    return null;
  }

  /** Holds the order in which a device began its commands against the hub's queue. */
  private Future<Void> inOrder(String device) {
    List<ExecutionRef> commands = begun.getOrDefault(device, List.of());
    Map<String, Integer> places = new HashMap<>();
    return queued(device, "", places).map(read -> inOrder(device, commands, places));
  }

  /**
   * Reads a device's queue, which the hub lists newest first. The clock says nothing of the order:
   * it may be set back between two commands.
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
        .forEach(command -> fault(command, device, "the hub does not list it"));
    List<ExecutionRef> inQueue =
        commands.stream()
            .filter(command -> places.containsKey(command.id()))
            .sorted(Comparator.comparing(command -> places.get(command.id())))
            .toList();
    for (int i = 1; i < inQueue.size(); i++) {
      ExecutionRef earlier = inQueue.get(i - 1);
      ExecutionRef later = inQueue.get(i);
      if (later.place() < earlier.place()) {
        fault(later, device, "begun before " + earlier.id() + ", which was made earlier");
      }
    }
    return null;
  }

  private void fault(ExecutionRef command, String device, String what) {
    findings.fault("command " + command.id() + " of " + device + ": " + what);
  }
}
