package io.signalbox.hub.recorder;

import io.signalbox.hub.config.Setting;

/** Settings of the flight recorder. */
public record RecorderSettings(
    @Setting(
            value = "200",
            range = "10..2000",
            doc = "Number of flight recorder entries kept per device.")
        int entriesPerDevice,
    @Setting(
            value = "20000",
            range = "100..1000000",
            doc =
                "Maximum number of entries of all devices that wait to be written, about once per"
                    + " second; beyond it the oldest are dropped and counted.")
        int bufferEntries) {}
