package io.signalbox.hub.api;

import io.signalbox.hub.config.Setting;
import java.time.Duration;

/** Settings of the REST API. */
public record ApiSettings(
    @Setting(
            value = "30s",
            range = "100ms..10m",
            doc = "Maximum time for the body of a request to arrive; slower ones get 408.")
        Duration bodyTimeout,
    @Setting(
            value = "false",
            doc =
                "Marks the console's cookie as Secure, so that browsers send it over TLS only. Set"
                    + " it if users reach the hub through a TLS proxy.")
        boolean secureCookie) {}
