package io.signalbox.sim.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one device did with the commands that it was given, in the order in which it first began
 * them. Written by the device's loop, read when the run is over.
 */
public final class ExecutionLog {
  private final Map<String, Execution> byId = new LinkedHashMap<>(4);

  /**
   * What a device said of a command.
   *
   * @param status succeeded, failed or rejected
   * @param data empty if nothing was said beside the status
   * @param error in words, or empty
   */
  public record StatusReport(String status, Map<String, Object> data, String error) {}

  /** One command, as it was dealt with. */
  public static final class Execution {
    private final String id;
    private final int place;
    private final long begunAt;
    private final List<StatusReport> said = new ArrayList<>(1);
    private int times;
    private long heardAt;

    Execution(String id, int place, long begunAt) {
      this.id = id;
      this.place = place;
      this.begunAt = begunAt;
    }

    /** The command's id. */
    public String id() {
      return id;
    }

    /** How many others the device had begun before. */
    public int place() {
      return place;
    }

    /** When it was begun for the first time, Unix milliseconds. */
    public long begunAt() {
      return begunAt;
    }

    /** How often it was begun: once, or the device has done it again. */
    public int times() {
      return times;
    }

    /** The different results that the device has given. */
    public List<StatusReport> said() {
      return said;
    }

    /**
     * When a result was said that the hub must have heard, because the connection lived on for
     * long: Unix milliseconds; 0 if there is none.
     */
    public long heardAt() {
      return heardAt;
    }
  }

  /** The device begins a command. */
  public void begun(String id, long nowMillis) {
    byId.computeIfAbsent(id, first -> new Execution(id, byId.size(), nowMillis)).times++;
  }

  /** The device says a result. */
  public void answered(String id, StatusReport result) {
    Execution execution = byId.get(id);
    if (execution != null && !execution.said.contains(result)) {
      execution.said.add(result);
    }
  }

  /** The hub must have heard what was said at that time. */
  public void heard(String id, long saidAtMillis) {
    Execution execution = byId.get(id);
    if (execution != null && execution.heardAt == 0) {
      execution.heardAt = saidAtMillis;
    }
  }

  /** What became of a command; null if the device has never begun it. */
  public @Nullable Execution of(String id) {
    return byId.get(id);
  }

  /** All, in the order in which they were begun. */
  public Collection<Execution> all() {
    return byId.values();
  }
}
