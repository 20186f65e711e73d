package io.signalbox.hub.api;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** What can be set of the REST door. */
public record ApiSettings(
    @Setting(
            value = "30s",
            range = "100ms..10m",
            doc = "Longest time that the body of a request may take to arrive.")
        Duration bodyTimeout,
    @Setting(
            value = "false",
            doc =
                "Marks the console's cookie Secure, so that browsers send it over TLS only. Set it"
                    + " when people reach the hub through a proxy that speaks TLS.")
        boolean secureCookie) {}
