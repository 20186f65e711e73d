package io.signalbox.hub.api;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The hub about itself: what it is, how it fares, and how it is talked to. */
final class HubApi {
  private final Vertx vertx;
  private final Rooms rooms;
  private final Node node;
  private final Health health;
  private final Meters meters;
  private final HubClock clock;
  private final long began;

  HubApi(Rooms rooms, Api.Surroundings around) {
    this.vertx = around.vertx();
    this.rooms = rooms;
    this.node = around.node();
    this.health = around.health();
    this.meters = around.meters();
    this.clock = around.clock();
    this.began = clock.monotonicMillis();
  }

  Future<Answer> info(Call call) {
    long now = clock.wallMillis();
    return Future.succeededFuture(
        Answer.ok(
            out -> {
              out.writeStartObject();
              out.writeStringField("name", "signalbox");
              out.writeStringField("version", node.version());
              out.writeStringField("node", node.name());
              out.writeNumberField("time", now);
              out.writeNumberField("uptime", (clock.monotonicMillis() - began) / 1_000);
              out.writeNumberField("devices", rooms.registry().count());
              out.writeNumberField("online", rooms.presences().online());
              out.writeEndObject();
            }));
  }

  /** The hub answers, so it lives. */
  Future<Answer> live(Call call) {
    return status("live");
  }

  Future<Answer> ready(Call call) {
    String obstacle = health.obstacle();
    return obstacle == null
        ? status("ready")
        : Future.failedFuture(new Refusal(Kind.UNAVAILABLE, obstacle));
  }

  private static Future<Answer> status(String word) {
    return Future.succeededFuture(
        Answer.ok(
            out -> {
              out.writeStartObject();
              out.writeStringField("status", word);
              out.writeEndObject();
            }));
  }

  Future<Answer> metrics(Call call) {
    return vertx
        .executeBlocking(meters::scrape, false)
        .map(text -> Answer.of(200, Meters.CONTENT_TYPE, Buffer.buffer(text)));
  }

  /**
   * A document of the classpath that describes an interface of the hub's, read when it is asked
   * for.
   */
  Endpoint.Action document(String name) {
    Lazy<Answer> document = new Lazy<>(vertx, () -> read(name));
    return call -> document.get();
  }

  private static Answer read(String name) {
    try (var document = HubApi.class.getResourceAsStream("/" + name)) {
      Buffer bytes = Buffer.buffer(document == null ? new byte[0] : document.readAllBytes());
      return Answer.of(200, Answer.JSON, bytes).tagged(Integer.toHexString(bytes.hashCode()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(name + " cannot be read", unreadable);
    }
  }
}
