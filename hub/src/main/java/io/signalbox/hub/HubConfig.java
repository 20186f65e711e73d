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
import io.signalbox.hub.store.redis.RedisSettings;
import io.signalbox.hub.store.sqlite.DiskSettings;
import io.signalbox.hub.store.sqlite.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.IngestSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All settings of the hub: the single source of flags, variables, the YAML file, help and {@code
 * docs/configuration.md}. Each package defines its own settings record.
 */
public record HubConfig(
    @Setting(value = "./data", doc = "Data directory; created if missing.") Path data,
    @Setting(
            value = "127.0.0.1",
            doc =
                "Address to listen on. The default accepts connections from this machine only;"
                    + " 0.0.0.0 accepts them from the network, which needs TLS: in the hub or in a"
                    + " proxy.")
        String host,
    @Setting(
            value = "hub",
            pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
            doc = "Name of this node in timelines and in the console.")
        String node,
    @Setting(
            secret = true,
            pattern = "\\S{24,512}",
            doc =
                "API key with scope admin, at least 24 characters. Without it the hub generates one"
                    + " at its first start, prints it once and stores only a hash.")
        @Nullable String adminKey,
    @Setting(
            value = "false",
            doc = "Serves a WebSocket echo at /debug/echo, for conformance test suites.")
        boolean debugEcho,
    @Setting(value = "info", doc = "Log level; the log goes to standard error.") LogLevel logLevel,
    @Setting(
            value = "0s",
            range = "0s..5m",
            doc =
                "Time during which readiness answers 503 before the listener closes, so that load"
                    + " balancers can route elsewhere.")
        Duration drainTime,
    @Setting(
            value = "10s",
            range = "1s..5m",
            doc = "Maximum duration of the stop after the drain time; then the process is ended.")
        Duration stopTimeout,
    @Setting(doc = "HTTP listener.") HttpSettings http,
    @Setting(doc = "REST API and web console.") ApiSettings api,
    @Setting(doc = "Device connections.") GatewaySettings gateway,
    @Setting(doc = "Telemetry ingestion, from the gateway to the store.") IngestSettings ingest,
    @Setting(doc = "Telemetry storage.") TelemetrySettings telemetry,
    @Setting(doc = "Redis, which several hubs share.") RedisSettings redis,
    @Setting(doc = "Disk space of the data directory.") DiskSettings disk,
    @Setting(doc = "Device presence and twins.") FleetSettings fleet,
    @Setting(doc = "Commands to devices.") CommandSettings commands,
    @Setting(doc = "Adaptive poll intervals of devices.") PollingSettings polling,
    @Setting(doc = "Flight recorder: the latest events of each device.") RecorderSettings recorder,
    @Setting(doc = "Jobs: commands to many devices.") JobSettings jobs,
    @Setting(doc = "Event feed for the console and for programs.") FeedSettings feed) {}
