package io.signalbox.hub.model;

/**
 * A change of one half of a twin.
 *
 * @param version the version it created
 * @param ts Unix milliseconds
 * @param by name of a key, or id of the device
 * @param patch merge patch from the previous version to this one, as compact text
 */
public record TwinChange(Side side, long version, long ts, String by, String patch) {
  /** The half of the twin. */
  public enum Side {
    /** The desired state. */
    DESIRED,
    /** The reported state. */
    REPORTED
  }
}
