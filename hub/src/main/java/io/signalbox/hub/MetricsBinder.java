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

/** What the house counts, hung up where the meters can read it: nothing is paid on the hot path. */
final class MetricsBinder {
  private MetricsBinder() {}

  static void bind(
      Metrics metrics, ServerEndpoints endpoints, Services services, SqliteTelemetryStore store) {
    metrics.count(
        "telemetry.messages", "Telemetry messages made durable", endpoints.feedMetrics()::messages);
    metrics.count("telemetry.readings", "Readings made durable", endpoints.feedMetrics()::readings);
    metrics.count(
        "telemetry.refused", "Readings the store did not keep", endpoints.feedMetrics()::refused);
    metrics.count("telemetry.skipped", "Values that were null", endpoints.feedMetrics()::skipped);
    metrics.gauge(
        "gateway.connections", "Device connections", endpoints.admission()::connectionCount);
    bindHttpGateway(metrics, endpoints);
    FeedMetrics feedClients = endpoints.feedClients();
    metrics.count(
        "live.cuts", "Viewers cut off because they fell behind", feedClients::slowConsumerCloses);
    metrics.gauge("live.viewers", "Who follows the feed", feedClients::sockets, "way", "websocket");
    metrics.gauge("live.viewers", "Who follows the feed", feedClients::streams, "way", "sse");
    metrics.gauge("live.viewers", "Who follows the feed", feedClients::polls, "way", "poll");
    metrics.count("live.polls", "Polls of the feed", feedClients::polled);
    metrics.gauge("fleet.devices", "Registered devices", services.registry()::count);
    metrics.gauge("fleet.online", "Devices that are online", services.sessions()::online);
    metrics.gauge("recorder.waiting", "Entries to be written", services.recorder()::waiting);
    metrics.count("recorder.dropped", "Entries that were not kept", services.recorder()::dropped);
    for (Command.State state : Command.State.values()) {
      String word = state.name().toLowerCase(Locale.ROOT);
      metrics.count(
          "commands.steps", "Steps", () -> services.commands().steps(state), "state", word);
    }
    metrics.count(
        "commands.answer.millis",
        "From making to succeeded, failed or rejected",
        services.commands()::answerMillis);
    metrics.gauge(
        "commands.held",
        "Requests held until a command changes",
        services.commands()::heldRequestCount);
    metrics.gauge("jobs.running", "Jobs that are not over", services.jobs()::running);
    metrics.count("jobs.commands", "Commands made for jobs", services.jobs()::made);
    metrics.count("jobs.refused", "Devices of jobs without a command", services.jobs()::refused);
    metrics.count("store.commits", "Group commits", () -> store.counters().commits());
    metrics.count("store.replayed", "Readings replayed", () -> store.counters().replayed());
    metrics.gauge("store.waiting", "Readings waiting", () -> store.counters().waiting());
    metrics.gauge("store.series", "Series", () -> store.counters().series());
  }

  /** How much room there is, which costs a call of the system when it is asked for. */
  static void bind(Metrics metrics, DiskReserve disk) {
    metrics.gauge("store.disk.free", "Bytes free on the disk", disk::free);
    metrics.gauge("store.disk.reserve", "Bytes kept for a full disk", disk::held);
    metrics.gauge("store.disk.full", "1 while the disk is full", () -> disk.isFull() ? 1 : 0);
  }

  static void bind(Metrics metrics, TrustedProxies proxies, ConnectionErrorMetrics faults) {
    metrics.count("http.proxy.refused", "Connections with a wrong PROXY header", proxies::refused);
    for (ConnectionErrorMetrics.Reason reason : ConnectionErrorMetrics.Reason.values()) {
      String word = reason.name().toLowerCase(Locale.ROOT);
      metrics.count(
          "http.malformed",
          "Broken connections and unreadable heads",
          () -> faults.counted(reason),
          "reason",
          word);
    }
    metrics.count(
        "http.unacknowledged",
        "Connections that ended because their peer did not acknowledge",
        faults::unacknowledged);
  }

  private static void bindHttpGateway(Metrics metrics, ServerEndpoints endpoints) {
    HttpGatewayMetrics visits = endpoints.visits();
    for (HttpGatewayMetrics.PollKind way : HttpGatewayMetrics.PollKind.values()) {
      String word = way.name().toLowerCase(Locale.ROOT);
      String help = "Polls of devices by way and outcome";
      String[] full = {"way", word, "outcome", "commands"};
      String[] empty = {"way", word, "outcome", "empty"};
      metrics.count("gateway.polls", help, () -> visits.full(way), full);
      metrics.count("gateway.polls", help, () -> visits.empty(way), empty);
    }
    metrics.count("gateway.requests.refused", "Refused requests of devices", visits::refused);
    metrics.gauge("gateway.polls.held", "Polls and streams of devices held now", visits::held);
    metrics.gauge("gateway.visitors", "Devices that come by HTTP", endpoints.httpDevices()::size);
  }
}
