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
public final class Deeds {
  private final Map<String, Deed> byId = new LinkedHashMap<>(4);

  /**
   * What a device said of a command.
   *
   * @param status succeeded, failed or rejected
   * @param data empty if nothing was said beside the status
   * @param error in words, or empty
   */
  public record Said(String status, Map<String, Object> data, String error) {}

  /** One command, as it was dealt with. */
  public static final class Deed {
    private final String id;
    private final int place;
    private final long begunAt;
    private final List<Said> said = new ArrayList<>(1);
    private int times;
    private long saidAt;
    private boolean heard;

    Deed(String id, int place, long begunAt) {
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
    public List<Said> said() {
      return said;
    }

    /** When a result was first said, Unix milliseconds; 0 if none was. */
    public long saidAt() {
      return saidAt;
    }

    /** Whether the hub must have heard a result: the connection lived on for long. */
    public boolean isHeard() {
      return heard;
    }
  }

  /** The device begins a command. */
  public void begun(String id, long nowMillis) {
    byId.computeIfAbsent(id, first -> new Deed(id, byId.size(), nowMillis)).times++;
  }

  /** The device says a result. */
  public void answered(String id, Said result, long nowMillis) {
    Deed deed = byId.get(id);
    if (deed != null && !deed.said.contains(result)) {
      deed.said.add(result);
      deed.saidAt = deed.saidAt == 0 ? nowMillis : deed.saidAt;
    }
  }

  /** The hub must have heard it. */
  public void heard(String id) {
    Deed deed = byId.get(id);
    if (deed != null) {
      deed.heard = true;
    }
  }

  /** What became of a command; null if the device has never begun it. */
  public @Nullable Deed of(String id) {
    return byId.get(id);
  }

  /** All, in the order in which they were begun. */
  public Collection<Deed> all() {
    return byId.values();
  }
}
