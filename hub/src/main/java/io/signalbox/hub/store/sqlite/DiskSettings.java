package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.config.Setting;

/**
 * Room on the disk of the data directory.
 *
 * @param reserveBytes how much is kept for a full disk; at most a sixteenth of the disk is taken
 */
public record DiskSettings(
    @Setting(
            value = "16777216",
            range = "0..1099511627776",
            doc =
                "Size of the file `reserve` in the data directory, in bytes, but at most a sixteenth of"
                    + " the disk. It is given up when the disk is full, so that deleting works, and"
                    + " made again when there is room; 0 keeps none.")
        long reserveBytes) {}
