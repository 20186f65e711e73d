package io.signalbox.hub.store.sqlite;

import io.signalbox.hub.config.Setting;

/**
 * Settings of the disk space of the data directory.
 *
 * @param reserveBytes size of the reserve file, limited to a sixteenth of the disk
 */
public record DiskSettings(
    @Setting(
            value = "16777216",
            range = "0..1099511627776",
            doc =
                "Size of the file `reserve` in the data directory, in bytes, limited to a sixteenth"
                    + " of the disk. It is released when the disk is full, so that deletions work,"
                    + " and created again when there is space; 0 disables it.")
        long reserveBytes) {}
