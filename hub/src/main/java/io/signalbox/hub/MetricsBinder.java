package io.signalbox.hub;

import io.signalbox.hub.feed.FeedMetrics;
import io.signalbox.hub.gateway.http.HttpGatewayMetrics;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.signalbox.hub.http.netty.TrustedProxies;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.ops.Metrics;
import io.signalbox.hub.store.redis.RedisFailure;
import io.signalbox.hub.store.redis.RedisLinkMetrics;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.telemetry.IngestMetrics;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Registers the counters of all components as metrics; they are read on scrape, so the hot path
 * pays nothing.
 */
final class MetricsBinder {
  private MetricsBinder() {}

  static void bind(
      Metrics metrics, ServerEndpoints endpoints, Services services, TelemetryStore store) {
    bindTelemetry(metrics, endpoints.ingestMetrics());
    metrics.gauge(
        "gateway.connections", "Device connections", endpoints.admission()::connectionCount);
    bindHttpGateway(metrics, endpoints);
    FeedMetrics feedClients = endpoints.feedMetrics();
    metrics.count(
        "feed.slow.consumers",
        "Feed clients closed because they fell behind",
        feedClients::slowConsumerCloses);
    metrics.gauge("feed.clients", "Feed clients", feedClients::sockets, "transport", "websocket");
    metrics.gauge("feed.clients", "Feed clients", feedClients::streams, "transport", "sse");
    metrics.gauge("feed.clients", "Feed clients", feedClients::polls, "transport", "poll");
    metrics.count("feed.polls", "Polls of the feed", feedClients::polled);
    metrics.gauge("fleet.devices", "Registered devices", services.registry()::count);
    metrics.gauge("fleet.devices.online", "Devices that are online", services.sessions()::online);
    metrics.gauge(
        "recorder.entries.pending",
        "Flight recorder entries waiting to be written",
        services.recorder()::waiting);
    metrics.count(
        "recorder.entries.dropped",
        "Flight recorder entries dropped",
        services.recorder()::dropped);
    bindCommands(metrics, services);
    bindStore(metrics, store);
  }

  private static void bindTelemetry(Metrics metrics, IngestMetrics ingest) {
    metrics.count("telemetry.messages", "Telemetry messages made durable", ingest::messages);
    metrics.count("telemetry.readings", "Readings made durable", ingest::readings);
    metrics.count("telemetry.readings.refused", "Readings that were not stored", ingest::refused);
    String misfits = "Readings that did not fit the device type, by outcome";
    metrics.count(
        "telemetry.readings.misfits", misfits, ingest::misfitsTagged, "outcome", "tagged");
    metrics.count(
        "telemetry.readings.misfits", misfits, ingest::misfitsRefused, "outcome", "refused");
    metrics.count("telemetry.values.skipped", "Null values skipped", ingest::skipped);
  }

  private static void bindCommands(Metrics metrics, Services services) {
    for (Command.State state : Command.State.values()) {
      String word = label(state);
      metrics.count(
          "commands.transitions",
          "Command state changes",
          () -> services.commands().metrics().steps(state),
          "state",
          word);
    }
    metrics.seconds(
        "commands.response",
        "Time from creation to succeeded, failed or rejected",
        services.commands().metrics()::answerMillis);
    metrics.gauge(
        "commands.held.requests",
        "Requests held until a command changes",
        services.commands()::heldRequestCount);
    metrics.gauge("jobs.active", "Jobs that are not finished", services.jobs()::running);
    metrics.count("jobs.commands", "Commands created for jobs", services.jobs()::made);
    metrics.count(
        "jobs.targets.refused", "Job targets without a command", services.jobs()::refused);
  }

  private static void bindStore(Metrics metrics, TelemetryStore store) {
    metrics.count("store.commits", "Group commits", () -> store.statistics().commits());
    metrics.count(
        "store.readings.replayed",
        "Readings replayed from the journal",
        () -> store.statistics().replayed());
    metrics.gauge(
        "store.readings.pending",
        "Readings waiting for a commit",
        () -> store.statistics().pending());
    metrics.gauge("store.series", "Series", () -> store.statistics().series());
  }

  /** Disk space metrics of a data directory, if there is one; each scrape costs a system call. */
  static void bind(Metrics metrics, @Nullable DiskReserve disk) {
    if (disk == null) {
      return;
    }
    metrics.gauge("store.disk.free.bytes", "Bytes free on the disk", disk::free);
    metrics.gauge("store.disk.reserve.bytes", "Bytes reserved for a full disk", disk::held);
    metrics.gauge("store.disk.full", "1 while the disk is full", () -> disk.isFull() ? 1 : 0);
  }

  /** The connection to Redis. */
  static void bind(Metrics metrics, RedisLinkMetrics redis) {
    metrics.count("redis.reconnects", "Connections that replaced a lost one", redis::reconnects);
    metrics.gauge("redis.commands.pending", "Commands without an answer", redis::underWay);
    metrics.gauge(
        "redis.ping.seconds", "Time of the latest PING of an idle link", redis::roundTripSeconds);
    for (RedisFailure reason : RedisFailure.values()) {
      metrics.count(
          "redis.failures",
          "Commands that failed",
          () -> redis.failures(reason),
          "reason",
          label(reason));
    }
  }

  static void bind(Metrics metrics, TrustedProxies proxies, ConnectionErrorMetrics faults) {
    metrics.count(
        "http.proxy.header.errors", "Connections with an invalid PROXY header", proxies::refused);
    for (ConnectionErrorMetrics.Reason reason : ConnectionErrorMetrics.Reason.values()) {
      String word = label(reason);
      metrics.count(
          "http.connection.errors",
          "Malformed connections and request headers",
          () -> faults.counted(reason),
          "reason",
          word);
    }
    metrics.count(
        "http.peer.timeouts",
        "Connections closed because the peer did not acknowledge data",
        faults::unacknowledged);
  }

  private static void bindHttpGateway(Metrics metrics, ServerEndpoints endpoints) {
    HttpGatewayMetrics polls = endpoints.httpMetrics();
    for (HttpGatewayMetrics.PollKind way : HttpGatewayMetrics.PollKind.values()) {
      String word = label(way);
      String help = "Device polls by kind and outcome";
      String[] full = {"kind", word, "outcome", "commands"};
      String[] empty = {"kind", word, "outcome", "empty"};
      metrics.count("gateway.polls", help, () -> polls.full(way), full);
      metrics.count("gateway.polls", help, () -> polls.empty(way), empty);
    }
    metrics.count("gateway.requests.rejected", "Device requests refused", polls::refused);
    metrics.gauge("gateway.held.requests", "Device polls and streams held", polls::held);
    metrics.gauge(
        "gateway.http.devices", "Devices connected by HTTP", endpoints.httpDevices()::size);
  }

  /** The value of a label, such as {@code short_poll}. */
  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
