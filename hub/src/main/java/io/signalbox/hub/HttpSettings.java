package io.signalbox.hub;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** What can be set of the HTTP listener. */
public record HttpSettings(
    @Setting(
            value = "8080",
            range = "0..65535",
            doc = "Port of the HTTP listener; 0 takes any free one and prints it.")
        int port,
    @Setting(
            value = "16384",
            range = "1024..1048576",
            doc = "Largest header of a request, in bytes; a larger one is answered 431.")
        int maxHeaderBytes,
    @Setting(
            value = "8192",
            range = "256..65536",
            doc = "Longest request line, in bytes; a longer one is answered 414.")
        int maxRequestLineBytes,
    @Setting(
            value = "90s",
            range = "65s..1h",
            doc =
                "A plain HTTP connection without traffic is closed after this time; longer than any"
                    + " poll is held.")
        Duration idleTimeout) {}
