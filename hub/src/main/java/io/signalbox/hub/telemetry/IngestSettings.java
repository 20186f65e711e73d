package io.signalbox.hub.telemetry;

import io.signalbox.hub.config.Setting;

/** Settings of telemetry ingestion. */
public record IngestSettings(
    @Setting(
            value = "256",
            range = "1..10000",
            doc = "Maximum number of readings in one batch of an event loop.")
        int batchReadings,
    @Setting(
            value = "65536",
            range = "1000..10000000",
            doc =
                "Number of readings of one event loop that may wait for the store; above it the hub"
                    + " stops reading from devices.")
        int maxPendingReadings) {}
