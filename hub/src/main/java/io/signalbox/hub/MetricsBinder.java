package io.signalbox.hub;

import io.signalbox.hub.feed.FeedMetrics;
import io.signalbox.hub.gateway.http.HttpGatewayMetrics;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.signalbox.hub.http.netty.TrustedProxies;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.ops.Metrics;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import java.util.Locale;

/**
 * Registers the counters of all components as metrics; they are read on scrape, so the hot path
 * pays nothing.
 */
final class MetricsBinder {
  private MetricsBinder() {}

  static void bind(
      Metrics metrics, ServerEndpoints endpoints, Services services, SqliteTelemetryStore store) {
    metrics.count(
        "telemetry.messages",
        "Telemetry messages made durable",
        endpoints.ingestMetrics()::messages);
    metrics.count(
        "telemetry.readings", "Readings made durable", endpoints.ingestMetrics()::readings);
    metrics.count(
        "telemetry.refused", "Readings that were not stored", endpoints.ingestMetrics()::refused);
    metrics.count("telemetry.skipped", "Null values skipped", endpoints.ingestMetrics()::skipped);
    metrics.gauge(
        "gateway.connections", "Device connections", endpoints.admission()::connectionCount);
    bindHttpGateway(metrics, endpoints);
    FeedMetrics feedClients = endpoints.feedMetrics();
    metrics.count(
        "live.cuts",
        "Feed clients closed because they fell behind",
        feedClients::slowConsumerCloses);
    metrics.gauge("live.viewers", "Feed clients", feedClients::sockets, "way", "websocket");
    metrics.gauge("live.viewers", "Feed clients", feedClients::streams, "way", "sse");
    metrics.gauge("live.viewers", "Feed clients", feedClients::polls, "way", "poll");
    metrics.count("live.polls", "Polls of the feed", feedClients::polled);
    metrics.gauge("fleet.devices", "Registered devices", services.registry()::count);
    metrics.gauge("fleet.online", "Devices that are online", services.sessions()::online);
    metrics.gauge(
        "recorder.waiting",
        "Flight recorder entries waiting to be written",
        services.recorder()::waiting);
    metrics.count(
        "recorder.dropped", "Flight recorder entries dropped", services.recorder()::dropped);
    for (Command.State state : Command.State.values()) {
      String word = state.name().toLowerCase(Locale.ROOT);
      metrics.count(
          "commands.steps",
          "Command state changes",
          () -> services.commands().steps(state),
          "state",
          word);
    }
    metrics.count(
        "commands.answer.millis",
        "Time from creation to succeeded, failed or rejected",
        services.commands()::answerMillis);
    metrics.gauge(
        "commands.held",
        "Requests held until a command changes",
        services.commands()::heldRequestCount);
    metrics.gauge("jobs.running", "Jobs that are not finished", services.jobs()::running);
    metrics.count("jobs.commands", "Commands created for jobs", services.jobs()::made);
    metrics.count("jobs.refused", "Job targets without a command", services.jobs()::refused);
    metrics.count("store.commits", "Group commits", () -> store.counters().commits());
    metrics.count(
        "store.replayed", "Readings replayed from the journal", () -> store.counters().replayed());
    metrics.gauge(
        "store.waiting", "Readings waiting for a commit", () -> store.counters().waiting());
    metrics.gauge("store.series", "Series", () -> store.counters().series());
  }

  /** Disk space metrics; each scrape costs a system call. */
  static void bind(Metrics metrics, DiskReserve disk) {
    metrics.gauge("store.disk.free", "Bytes free on the disk", disk::free);
    metrics.gauge("store.disk.reserve", "Bytes reserved for a full disk", disk::held);
    metrics.gauge("store.disk.full", "1 while the disk is full", () -> disk.isFull() ? 1 : 0);
  }

  static void bind(Metrics metrics, TrustedProxies proxies, ConnectionErrorMetrics faults) {
    metrics.count(
        "http.proxy.refused", "Connections with an invalid PROXY header", proxies::refused);
    for (ConnectionErrorMetrics.Reason reason : ConnectionErrorMetrics.Reason.values()) {
      String word = reason.name().toLowerCase(Locale.ROOT);
      metrics.count(
          "http.malformed",
          "Malformed connections and request headers",
          () -> faults.counted(reason),
          "reason",
          word);
    }
    metrics.count(
        "http.unacknowledged",
        "Connections closed because the peer did not acknowledge data",
        faults::unacknowledged);
  }

  private static void bindHttpGateway(Metrics metrics, ServerEndpoints endpoints) {
    HttpGatewayMetrics polls = endpoints.httpMetrics();
    for (HttpGatewayMetrics.PollKind way : HttpGatewayMetrics.PollKind.values()) {
      String word = way.name().toLowerCase(Locale.ROOT);
      String help = "Device polls by kind and outcome";
      String[] full = {"way", word, "outcome", "commands"};
      String[] empty = {"way", word, "outcome", "empty"};
      metrics.count("gateway.polls", help, () -> polls.full(way), full);
      metrics.count("gateway.polls", help, () -> polls.empty(way), empty);
    }
    metrics.count("gateway.requests.refused", "Device requests refused", polls::refused);
    metrics.gauge("gateway.polls.held", "Device polls and streams held", polls::held);
    metrics.gauge("gateway.visitors", "Devices connected by HTTP", endpoints.httpDevices()::size);
  }
}
