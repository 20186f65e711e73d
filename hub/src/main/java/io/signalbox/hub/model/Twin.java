package io.signalbox.hub.model;

/**
 * A device's state document.
 *
 * @param desired what operators want
 * @param reported what the device says
 */
public record Twin(Side desired, Side reported) {
  /** The twin of a device of which nobody has said anything. */
  public static final Twin EMPTY = new Twin(Side.EMPTY, Side.EMPTY);

  /** Its entity tag: both versions, that of {@code desired} first. */
  public String tag() {
    return desired.version() + "-" + reported.version();
  }

  /**
   * One half of a twin.
   *
   * @param version counts up by one with every change, from 0
   * @param state a JSON object as compact text
   */
  public record Side(long version, String state) {
    /** Nothing said yet. */
    public static final Side EMPTY = new Side(0, "{}");
  }
}
