package io.signalbox.hub.recorder;

import io.signalbox.hub.config.Setting;

/** What can be set of the flight recorder. */
public record RecorderSettings(
    @Setting(
            value = "200",
            range = "10..2000",
            doc = "Most entries of the flight recorder kept for one device, the newest.")
        int keep,
    @Setting(
            value = "20000",
            range = "100..1000000",
            doc =
                "Most entries of all devices in memory before they are written, about once a"
                    + " second; beyond it the oldest are dropped and counted.")
        int buffer) {}
