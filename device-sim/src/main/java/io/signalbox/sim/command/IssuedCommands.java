package io.signalbox.sim.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.sim.model.CommandRequest;
import io.signalbox.sim.report.LatencyHistogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * All orders of a run: those that are open, what is counted of the others, and, if the run is to be
 * verified, every one of them.
 *
 * <p>Threading: touched by the commander's loop; counts may be read by any thread, all else when
 * the run is over.
 */
public final class IssuedCommands {
  private static final Set<String> FINAL =
      Set.of("succeeded", "failed", "rejected", "expired", "cancelled", "superseded");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String run;
  private final boolean keepsAll;
  private final Map<Integer, IssuedCommand> open = new HashMap<>();
  private final Map<String, Integer> openOf = new HashMap<>();
  private final List<IssuedCommand> all = new ArrayList<>();
  private final Map<String, Long> ends = new TreeMap<>();
  private final LatencyHistogram roundTrips = new LatencyHistogram();
  private final SingleWriterRecorder recorder = roundTrips.recorder();
  private final LongAdder taken = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder again = new LongAdder();
  private final LongAdder heldBack = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private int made;
  private volatile String lastRefusal = "";

  /**
   * An empty book.
   *
   * @param run tells the orders of this run from all others
   * @param keepsAll whether orders that are over are kept for verification
   */
  public IssuedCommands(String run, boolean keepsAll) {
    this.run = run;
    this.keepsAll = keepsAll;
  }

  String run() {
    return run;
  }

  /** A new order; {@code notBefore} is 0 for at once. */
  IssuedCommand enter(String device, CommandRequest request, Duration ttl, long notBefore) {
    IssuedCommand order = new IssuedCommand(made, device, body(request, ttl, notBefore));
    made++;
    open.put(order.number(), order);
    openOf.merge(device, 1, Integer::sum);
    if (keepsAll) {
      all.add(order);
    }
    return order;
  }

  private ObjectNode body(CommandRequest request, Duration ttl, long notBefore) {
    ObjectNode body = JSON.createObjectNode();
    body.put("name", request.name()).set("params", JSON.valueToTree(request.params()));
    body.put("ttl", ttl.toSeconds());
    if (notBefore > 0) {
      body.put("notBefore", notBefore);
    }
    body.putObject("metadata").put("run", run).put("order", made);
    return body;
  }

  /** The hub has taken it; the same order may be taken several times, being asked again. */
  void taken(IssuedCommand order, JsonNode command) {
    order.taken(command.path("id").asText());
    taken.increment();
    seen(command);
    letGo(order);
  }

  void refused(IssuedCommand order, String why) {
    order.refused(why);
    refused.increment();
    lastRefusal = why;
    letGo(order);
  }

  /** A command as the hub shows it just now; of no interest if it is not an open one of ours. */
  void seen(JsonNode command) {
    IssuedCommand order = open.get(numberOf(command));
    if (order == null) {
      return;
    }
    order.news();
    String state = command.path("state").asText();
    if (isFinal(state) && order.over()) {
      LatencyHistogram.record(recorder, System.nanoTime() - order.askedNanos());
      ends.merge(state, 1L, Long::sum);
      ended.increment();
    }
    letGo(order);
  }

  /** The number of a command's order; -1 if it is not of this run. */
  int numberOf(JsonNode command) {
    JsonNode mark = command.path("metadata");
    return mark.path("run").asText().equals(run) ? mark.path("order").asInt(-1) : -1;
  }

  static boolean isFinal(String state) {
    return FINAL.contains(state);
  }

  private void letGo(IssuedCommand order) {
    if (order.stage() == IssuedCommand.Stage.ENDED
        || order.stage() == IssuedCommand.Stage.REFUSED) {
      close(order);
    }
  }

  private void close(IssuedCommand order) {
    if (open.remove(order.number()) != null) {
      openOf.merge(order.device(), -1, Integer::sum);
    }
  }

  void askedAgain() {
    again.increment();
  }

  void heldBack() {
    heldBack.increment();
  }

  /** Orders that are neither over nor refused. */
  Collection<IssuedCommand> open() {
    return open.values();
  }

  /** How many orders of a device are open. */
  int openOf(String device) {
    return openOf.getOrDefault(device, 0);
  }

  /** Every order, in the order in which they were made; empty if they are not kept. */
  List<IssuedCommand> all() {
    return all;
  }

  /** Orders that the hub has taken. */
  public long taken() {
    return taken.sum();
  }

  /** Orders that are over. */
  public long ended() {
    return ended.sum();
  }

  /** From asking for the first time until the end is known. */
  public LatencyHistogram roundTrips() {
    return roundTrips;
  }

  /** What there is to tell when the run is over. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    long unknown =
        open.values().stream().filter(each -> each.stage() == IssuedCommand.Stage.ASKED).count();
    lines.add(
        taken
            + " acknowledged, "
            + refused
            + " refused, "
            + unknown
            + " never acknowledged, "
            + again
            + " requests sent again");
    List<String> byState = new ArrayList<>();
    ends.forEach((state, count) -> byState.add(count + " " + state));
    byState.add(open.size() - unknown + " open");
    lines.add(String.join(", ", byState));
    if (heldBack.sum() > 0) {
      lines.add(heldBack + " not given, because too many were open");
    }
    if (!lastRefusal.isEmpty()) {
      lines.add("last refused: " + lastRefusal);
    }
    return lines;
  }
}
