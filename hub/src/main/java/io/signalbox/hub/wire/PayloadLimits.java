package io.signalbox.hub.wire;

/**
 * How much a device may say at once, and how far its clock may be ahead.
 *
 * @param readings most readings of a message
 * @param messageBytes most bytes of a message
 * @param futureMillis how far a timestamp may lie ahead of the hub's clock
 * @param textBytes most bytes, in UTF-8, of a string value
 * @param jsonBytes most bytes, in UTF-8 and compact, of a JSON value, a command's result or a patch
 * @param nameLength most characters of a metric's name
 */
public record PayloadLimits(
    int readings,
    int messageBytes,
    long futureMillis,
    int textBytes,
    int jsonBytes,
    int nameLength) {
  /** What the protocol promises. */
  public static final PayloadLimits STANDARD =
      new PayloadLimits(10_000, 1 << 20, 24 * 3_600_000L, 4096, 16_384, 128);
}
