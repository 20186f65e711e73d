package io.signalbox.hub.model;

/**
 * Twin of a device: its desired and reported state.
 *
 * @param desired the state that operators want
 * @param reported the state that the device reports
 */
public record Twin(Side desired, Side reported) {
  /** The empty twin. */
  public static final Twin EMPTY = new Twin(Side.EMPTY, Side.EMPTY);

  /** The entity tag: both versions, that of {@code desired} first. */
  public String tag() {
    return desired.version() + "-" + reported.version();
  }

  /**
   * One half of a twin.
   *
   * @param version increases by one with every change, from 0
   * @param state a JSON object as compact text
   */
  public record Side(long version, String state) {
    /** The empty state. */
    public static final Side EMPTY = new Side(0, "{}");
  }
}
