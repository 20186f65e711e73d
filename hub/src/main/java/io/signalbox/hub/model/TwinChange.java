package io.signalbox.hub.model;

/**
 * What has become of one side of a twin, and through whom.
 *
 * @param version that it made
 * @param ts Unix milliseconds
 * @param by an operator's or program's name, or the device's id
 * @param patch the merge patch that makes the state of this version of that before, as compact text
 */
public record TwinChange(Side side, long version, long ts, String by, String patch) {
  /** Which side. */
  public enum Side {
    /** What operators want. */
    DESIRED,
    /** What the device says. */
    REPORTED
  }
}
