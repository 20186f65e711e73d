package io.signalbox.hub;

import io.signalbox.hub.api.ApiSettings;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.config.Setting;
import io.signalbox.hub.feed.FeedSettings;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.gateway.GatewaySettings;
import io.signalbox.hub.job.JobSettings;
import io.signalbox.hub.polling.PollingSettings;
import io.signalbox.hub.recorder.RecorderSettings;
import io.signalbox.hub.store.sqlite.DiskSettings;
import io.signalbox.hub.store.sqlite.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.IngestSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, in one record: the one source of flags, variables, file, help and
 * {@code docs/configuration.md}. A room's settings are that room's own record.
 */
public record HubConfig(
    @Setting(value = "./data", doc = "Directory of everything the hub keeps; made if missing.")
        Path data,
    @Setting(
            value = "127.0.0.1",
            doc =
                "Address to listen on. The default is reached from this machine only; 0.0.0.0 opens"
                    + " the hub to the network, which wants TLS: here or in a proxy.")
        String host,
    @Setting(
            value = "hub",
            pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
            doc = "Name of this node, as timelines and the console show it.")
        String node,
    @Setting(
            secret = true,
            pattern = "\\S{24,512}",
            doc =
                "API key with scope admin, at least 24 characters. Without it the hub makes one at"
                    + " its first start, shows it once and keeps a hash.")
        @Nullable String adminKey,
    @Setting(
            value = "false",
            doc = "Serves a WebSocket echo at /debug/echo, for protocol conformance suites.")
        boolean debugEcho,
    @Setting(value = "info", doc = "How much is said on standard error.") LogLevel logLevel,
    @Setting(
            value = "0s",
            range = "0s..5m",
            doc =
                "How long readiness says 503 before the doors close, so that a load balancer can"
                    + " look elsewhere.")
        Duration drainTime,
    @Setting(
            value = "10s",
            range = "1s..5m",
            doc = "Longest time that an orderly stop takes after that before the hub ends anyway.")
        Duration stopTimeout,
    @Setting(doc = "The HTTP listener, for every door.") HttpSettings http,
    @Setting(doc = "REST and the console's files.") ApiSettings api,
    @Setting(doc = "The device door.") GatewaySettings gateway,
    @Setting(doc = "The way of readings from the device door to the store.") IngestSettings intake,
    @Setting(doc = "How readings are kept.") TelemetrySettings telemetry,
    @Setting(doc = "Room on the disk of the data directory.") DiskSettings disk,
    @Setting(doc = "Presence and twins.") FleetSettings fleet,
    @Setting(doc = "Commands to devices.") CommandSettings commands,
    @Setting(doc = "When devices that poll come again.") PollingSettings polling,
    @Setting(doc = "What happened to each device lately.") RecorderSettings recorder,
    @Setting(doc = "Commands to many devices at once.") JobSettings jobs,
    @Setting(doc = "The live stream to people and programs.") FeedSettings live) {}
