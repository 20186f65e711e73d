package io.signalbox.hub.telemetry;

import io.signalbox.hub.config.Setting;

/** What can be set of the intake. */
public record IngestSettings(
    @Setting(
            value = "256",
            range = "1..10000",
            doc = "Most readings handed on together by one event loop.")
        int batchReadings,
    @Setting(
            value = "65536",
            range = "1000..10000000",
            doc =
                "Readings that one event loop may have waiting for the store; above it devices are not read from.")
        int waitingReadings) {}
