package io.signalbox.hub.gateway;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** What can be set of the device door. Zero lifts a limit where a range begins with it. */
public record GatewaySettings(
    @Setting(
            value = "30",
            range = "1..3600",
            doc = "Seconds between heartbeats; silence for two of them ends a session.")
        int heartbeatSeconds,
    @Setting(
            value = "1048576",
            range = "1024..16777216",
            doc = "Largest message of a device, in bytes, its fragments put together.")
        int maxFrameBytes,
    @Setting(value = "10000", range = "1..100000", doc = "Most readings in one message.")
        int maxReadings,
    @Setting(
            value = "5000",
            range = "0..1000000",
            doc = "Most readings a second of one device; 0: no limit.")
        int readingsPerSecond,
    @Setting(
            value = "50000",
            range = "1..10000000",
            doc = "Most device connections at a time; more are answered 503 with Retry-After.")
        int maxConnections,
    @Setting(
            value = "500000",
            range = "1..10000000",
            doc =
                "Most devices that come by HTTP, asleep ones counted; more are answered 503. A poll"
                    + " that is held is a connection, too.")
        int maxPollers,
    @Setting(
            value = "60s",
            range = "1s..1d",
            doc =
                "How long a device that polls has to answer a command before the next poll brings it"
                    + " again; twice its interval if that is longer.")
        Duration lease) {}
