package io.signalbox.hub.wire;

/**
 * Limits of one device message.
 *
 * @param readings maximum number of readings
 * @param messageBytes maximum size of the message in bytes
 * @param futureMillis maximum lead of a timestamp over the hub's clock, in milliseconds
 * @param textBytes maximum size of a string value in UTF-8 bytes
 * @param jsonBytes maximum size of a JSON value, a result or a patch in bytes of compact UTF-8
 * @param nameLength maximum length of a metric name in characters
 */
public record PayloadLimits(
    int readings,
    int messageBytes,
    long futureMillis,
    int textBytes,
    int jsonBytes,
    int nameLength) {
  /** Maximum size of a device's description of itself, in bytes of compact UTF-8. */
  public static final int DESCRIPTION_BYTES = 65_536;

  /** The limits that the protocol documents. */
  public static final PayloadLimits STANDARD =
      new PayloadLimits(10_000, 1 << 20, 24 * 3_600_000L, 4096, 16_384, 128);
}
