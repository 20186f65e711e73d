package io.signalbox.hub.gateway;

import io.signalbox.hub.config.Setting;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.wire.DeviceFrameCodec;
import io.signalbox.hub.wire.PayloadLimits;
import java.time.Duration;

/** Settings of the device gateway. Where a range begins with zero, zero means no limit. */
public record GatewaySettings(
    @Setting(
            value = "30",
            range = "1..3600",
            doc = "Seconds between heartbeats; two without traffic end a session.")
        int heartbeatSeconds,
    @Setting(
            value = "1048576",
            range = "1024..16777216",
            doc = "Maximum size of a device message, all fragments together, in bytes.")
        int maxFrameBytes,
    @Setting(value = "10000", range = "1..100000", doc = "Maximum readings in one message.")
        int maxReadings,
    @Setting(
            value = "5000",
            range = "0..1000000",
            doc = "Maximum readings per second of one device; 0 means no limit.")
        int readingsPerSecond,
    @Setting(
            value = "50000",
            range = "1..10000000",
            doc = "Maximum number of device connections; more get 503 with Retry-After.")
        int maxConnections,
    @Setting(
            value = "500000",
            range = "1..10000000",
            doc =
                "Maximum number of devices connected by HTTP, sleeping ones included; more get 503."
                    + " A held poll also counts as a connection.")
        int maxPollers,
    @Setting(
            value = "60s",
            range = "1s..1d",
            doc =
                "Time that a polling device has to answer a command before the next poll delivers"
                    + " it again; twice its interval if that is longer.")
        Duration commandLease) {
  /**
   * Cost of a device's description of itself, in readings: its schemas are compiled, and it changes
   * with the firmware only.
   */
  public static final int DESCRIPTION_COST = 100;

  /** The limits of a device's messages. */
  public PayloadLimits limits() {
    PayloadLimits standard = PayloadLimits.STANDARD;
    return new PayloadLimits(
        maxReadings,
        maxFrameBytes,
        standard.futureMillis(),
        standard.textBytes(),
        standard.jsonBytes(),
        standard.nameLength());
  }

  /** The limit on the readings of each device. */
  public RateLimiter rateLimiter() {
    // The burst must fit the largest message, or a device could never send one.
    return new RateLimiter(readingsPerSecond, Math.max(2 * readingsPerSecond, maxReadings));
  }

  /** The welcome message of a new session, which tells the device these settings. */
  public DeviceFrameCodec.Welcome welcome(Session session, Twin twin) {
    return new DeviceFrameCodec.Welcome(
        session.device(), session.epoch(), heartbeatSeconds, limits(), readingsPerSecond, twin);
  }
}
