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
 * All commands of a run: the open ones, counts of the ended ones, and the full list if the run is
 * verified.
 *
 * <p>Threading: confined to the load generator's event loop; counts may be read by any thread, the
 * rest after the run.
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
  private final LongAdder skipped = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private int made;
  private volatile String lastRefusal = "";

  /**
   * Creates an empty list.
   *
   * @param run identifies the commands of this run
   * @param keepsAll whether ended commands are kept for verification
   */
  public IssuedCommands(String run, boolean keepsAll) {
    this.run = run;
    this.keepsAll = keepsAll;
  }

  String run() {
    return run;
  }

  /** Adds a command; {@code notBefore} is 0 for immediate delivery. */
  IssuedCommand enter(String device, CommandRequest request, Duration ttl, long notBefore) {
    IssuedCommand issued = new IssuedCommand(made, device, body(request, ttl, notBefore));
    made++;
    open.put(issued.number(), issued);
    openOf.merge(device, 1, Integer::sum);
    if (keepsAll) {
      all.add(issued);
    }
    return issued;
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

  /** Records that the hub accepted a command; may be called several times because of retries. */
  void taken(IssuedCommand issued, JsonNode command) {
    issued.taken(command.path("id").asText());
    taken.increment();
    seen(command);
    closeIfEnded(issued);
  }

  void refused(IssuedCommand issued, String why) {
    issued.refused(why);
    refused.increment();
    lastRefusal = why;
    closeIfEnded(issued);
  }

  /** Updates an open command of this run from the hub's record; ignores others. */
  void seen(JsonNode command) {
    IssuedCommand issued = open.get(numberOf(command));
    if (issued == null) {
      return;
    }
    issued.news();
    String state = command.path("state").asText();
    if (isFinal(state) && issued.over()) {
      LatencyHistogram.record(recorder, System.nanoTime() - issued.requestedNanos());
      ends.merge(state, 1L, Long::sum);
      ended.increment();
    }
    closeIfEnded(issued);
  }

  /** The number of a command in this run; -1 if another client created it. */
  int numberOf(JsonNode command) {
    JsonNode mark = command.path("metadata");
    return mark.path("run").asText().equals(run) ? mark.path("order").asInt(-1) : -1;
  }

  static boolean isFinal(String state) {
    return FINAL.contains(state);
  }

  private void closeIfEnded(IssuedCommand issued) {
    if (issued.stage() == IssuedCommand.Stage.ENDED
        || issued.stage() == IssuedCommand.Stage.REFUSED) {
      close(issued);
    }
  }

  private void close(IssuedCommand issued) {
    if (open.remove(issued.number()) != null) {
      openOf.merge(issued.device(), -1, Integer::sum);
    }
  }

  void repeated() {
    again.increment();
  }

  void skipped() {
    skipped.increment();
  }

  /** Commands that have neither ended nor been rejected. */
  Collection<IssuedCommand> open() {
    return open.values();
  }

  /** Number of open commands of a device. */
  int openOf(String device) {
    return openOf.getOrDefault(device, 0);
  }

  /** All commands in order of creation; empty if not kept. */
  List<IssuedCommand> all() {
    return all;
  }

  /** Number of commands accepted by the hub. */
  public long taken() {
    return taken.sum();
  }

  /** Number of ended commands. */
  public long ended() {
    return ended.sum();
  }

  /** Latency from the first request to the known end. */
  public LatencyHistogram roundTrips() {
    return roundTrips;
  }

  /** Summary lines of the report. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    long unknown =
        open.values().stream().filter(each -> each.stage() == IssuedCommand.Stage.ASKED).count();
    lines.add(
        taken
            + " acknowledged, "
            + refused
            + " rejected, "
            + unknown
            + " never acknowledged, "
            + again
            + " requests repeated");
    List<String> byState = new ArrayList<>();
    ends.forEach((state, count) -> byState.add(count + " " + state));
    byState.add(open.size() - unknown + " open");
    lines.add(String.join(", ", byState));
    if (skipped.sum() > 0) {
      lines.add(skipped + " not created, because too many were open");
    }
    if (!lastRefusal.isEmpty()) {
      lines.add("last rejection: " + lastRefusal);
    }
    return lines;
  }
}
