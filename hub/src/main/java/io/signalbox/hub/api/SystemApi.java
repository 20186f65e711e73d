package io.signalbox.hub.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;

/** REST endpoints about the hub itself: version, health, metrics and API documents. */
final class SystemApi {
  private final Vertx vertx;
  private final ApiServices services;
  private final NodeInfo node;
  private final Health health;
  private final Metrics metrics;
  private final HubClock clock;
  private final long began;

  SystemApi(Vertx vertx, ApiServices services, NodeInfo node, HubClock clock) {
    this.vertx = vertx;
    this.services = services;
    this.node = node;
    this.health = services.health();
    this.metrics = services.metrics();
    this.clock = clock;
    this.began = clock.monotonicMillis();
  }

  Future<Response> info(ApiRequest call) {
    long now = clock.wallMillis();
    return Future.succeededFuture(
        Response.ok(
            out -> {
              out.writeStartObject();
              out.writeStringField("name", "signalbox");
              out.writeStringField("version", node.version());
              out.writeStringField("node", node.name());
              out.writeNumberField("time", now);
              out.writeNumberField("uptime", (clock.monotonicMillis() - began) / 1_000);
              out.writeNumberField("devices", services.registry().count());
              out.writeNumberField("online", services.sessions().online());
              out.writeEndObject();
            }));
  }

  /** The nodes by name. */
  Future<Response> nodes(ApiRequest call) {
    List<NodeInfo.Node> nodes =
        node.nodes().get().stream().sorted(Comparator.comparing(NodeInfo.Node::name)).toList();
    return Future.succeededFuture(
        Response.ok(
            out -> {
              out.writeStartObject();
              out.writeArrayFieldStart("items");
              for (NodeInfo.Node each : nodes) {
                write(out, each);
              }
              out.writeEndArray();
              out.writeEndObject();
            }));
  }

  private static void write(JsonGenerator out, NodeInfo.Node node) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", node.name());
    out.writeStringField("version", node.version());
    out.writeNumberField("joined", node.joined());
    out.writeNumberField("heard", node.heard());
    out.writeNumberField("online", node.online());
    out.writeNumberField("partitions", node.partitions());
    out.writeEndObject();
  }

  /** 200 as soon as the hub can answer at all. */
  Future<Response> live(ApiRequest call) {
    return status("live");
  }

  Future<Response> ready(ApiRequest call) {
    String obstacle = health.notReadyReason();
    return obstacle == null
        ? status("ready")
        : Future.failedFuture(new Refusal(ErrorCode.UNAVAILABLE, obstacle));
  }

  private static Future<Response> status(String word) {
    return Future.succeededFuture(
        Response.ok(
            out -> {
              out.writeStartObject();
              out.writeStringField("status", word);
              out.writeEndObject();
            }));
  }

  Future<Response> metrics(ApiRequest call) {
    return vertx
        .executeBlocking(metrics::scrape, false)
        .map(text -> Response.of(200, Metrics.CONTENT_TYPE, Buffer.buffer(text)));
  }

  /** An API document from the classpath, read on first request. */
  Endpoint.EndpointHandler document(String name) {
    Lazy<Response> document = new Lazy<>(vertx, () -> read(name));
    return call -> document.get();
  }

  private static Response read(String name) {
    try (var document = SystemApi.class.getResourceAsStream("/" + name)) {
      Buffer bytes = Buffer.buffer(document == null ? new byte[0] : document.readAllBytes());
      return Response.of(200, Response.JSON, bytes).withEtag(Integer.toHexString(bytes.hashCode()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("reading " + name + " failed", unreadable);
    }
  }
}
