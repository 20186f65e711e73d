package io.signalbox.sim.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log of the commands that one device executed, in the order of their first start. Written on the
 * device's event loop, read after the run.
 */
public final class ExecutionLog {
  private final Map<String, Execution> byId = new LinkedHashMap<>(4);

  /**
   * A command status sent by a device.
   *
   * @param status succeeded, failed or rejected
   * @param data result data; may be empty
   * @param error error text; may be empty
   */
  public record StatusReport(String status, Map<String, Object> data, String error) {}

  /** Execution of one command. */
  public static final class Execution {
    private final String id;
    private final int place;
    private final long startedAt;
    private final List<StatusReport> results = new ArrayList<>(1);
    private int times;
    private long confirmedAt;

    Execution(String id, int place, long startedAt) {
      this.id = id;
      this.place = place;
      this.startedAt = startedAt;
    }

    /** The command's id. */
    public String id() {
      return id;
    }

    /** Number of commands the device started before. */
    public int place() {
      return place;
    }

    /** Time of the first start, Unix milliseconds. */
    public long startedAt() {
      return startedAt;
    }

    /** How often it was started; more than once if the device executed it again. */
    public int times() {
      return times;
    }

    /** The distinct results that the device sent. */
    public List<StatusReport> results() {
      return results;
    }

    /**
     * Time at which a result was sent that the hub must have received, because the connection
     * stayed up long enough afterwards: Unix milliseconds; 0 if none.
     */
    public long confirmedAt() {
      return confirmedAt;
    }
  }

  /** Records the start of a command. */
  public void begun(String id, long nowMillis) {
    byId.computeIfAbsent(id, first -> new Execution(id, byId.size(), nowMillis)).times++;
  }

  /** Records a sent result. */
  public void answered(String id, StatusReport result) {
    Execution execution = byId.get(id);
    if (execution != null && !execution.results.contains(result)) {
      execution.results.add(result);
    }
  }

  /** Records that the hub must have received the result sent at that time. */
  public void confirmed(String id, long sentAtMillis) {
    Execution execution = byId.get(id);
    if (execution != null && execution.confirmedAt == 0) {
      execution.confirmedAt = sentAtMillis;
    }
  }

  /** The execution of a command; null if the device never started it. */
  public @Nullable Execution of(String id) {
    return byId.get(id);
  }

  /** All executions in the order of their start. */
  public Collection<Execution> all() {
    return byId.values();
  }
}
