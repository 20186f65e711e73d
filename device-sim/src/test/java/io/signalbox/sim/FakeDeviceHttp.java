package io.signalbox.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * HTTP device endpoints of a {@link FakeHub}. Commands are delivered once; tests that need a
 * redelivery add them again.
 */
final class FakeDeviceHttp {
  /** A request of a device. */
  record ReceivedRequest(String device, String where, JsonNode body, long nanos) {}

  private static final CBORMapper CBOR = new CBORMapper();

  final List<ReceivedRequest> received = new CopyOnWriteArrayList<>();
  volatile int nextPollMillis = 50;
  volatile int heartbeatSeconds = 30;
  volatile boolean streams = true;
  final AtomicInteger unanswered = new AtomicInteger();
  volatile Predicate<HttpServerRequest> refuses = request -> false;
  volatile int refusal = 429;
  volatile int retryAfter = 1;
  volatile String desired = "{\"version\":0,\"state\":{}}";

  private final FakeHub hub;
  private final Map<String, ArrayNode> waiting = new HashMap<>();
  private final Map<String, HttpServerRequest> held = new HashMap<>();
  private final Map<String, HttpServerResponse> listening = new HashMap<>();

  FakeDeviceHttp(FakeHub hub) {
    this.hub = hub;
    hub.deviceHttp(this::answer);
  }

  /** The requests to paths with the given suffix. */
  List<ReceivedRequest> at(String end) {
    return received.stream().filter(each -> each.where.endsWith(end)).toList();
  }

  /** The received statuses of a command, in order. */
  List<String> statuses(String id) {
    List<String> statuses = new ArrayList<>();
    for (ReceivedRequest each : received) {
      if (each.where.endsWith(id + "/result")) {
        statuses.add(each.body.path("status").asText());
      }
      for (JsonNode result : each.body.path("results")) {
        if (result.path("id").asText().equals(id)) {
          statuses.add(result.path("status").asText());
        }
      }
    }
    return statuses;
  }

  /** Adds a command without expiry for a device. */
  synchronized void addCommand(String device, String id, String name) {
    ObjectNode command = FakeHub.JSON.createObjectNode().put("id", id).put("name", name);
    command.put("expires", 4_102_444_800_000L).putObject("params");
    HttpServerResponse stream = listening.get(device);
    HttpServerRequest poll = held.remove(device);
    if (stream != null) {
      event(stream, "command", command.put("type", "command").toString());
    } else {
      waiting.computeIfAbsent(device, none -> FakeHub.JSON.createArrayNode()).add(command);
      if (poll != null) {
        handOut(device, poll);
      }
    }
  }

  /** Cuts every event stream. */
  synchronized void cutStreams() {
    listening.values().forEach(stream -> stream.reset());
    listening.clear();
  }

  private void answer(HttpServerRequest request) {
    String device = hub.holder(request.getHeader("Authorization"));
    request.body().onSuccess(bytes -> answer(device, request, bytes));
  }

  private synchronized void answer(String device, HttpServerRequest request, Buffer bytes) {
    String path = request.path().substring("/device/v1/".length());
    received.add(new ReceivedRequest(device, path, body(request, bytes), System.nanoTime()));
    if (refuses.test(request)) {
      request.response().putHeader("Retry-After", String.valueOf(retryAfter));
      FakeHub.reply(request, refusal, "{\"code\":\"%s\"}".formatted(word()));
      return;
    }
    JsonNode content = body(request, bytes);
    switch (path) {
      case "telemetry" -> {
        store(device, content);
        reply(request, 202, "{}");
      }
      case "twin" -> reply(request, 200, "{\"desired\":" + desired + "}");
      case "commands" -> commands(device, request);
      case "exchange" -> exchange(device, request, content);
      case "stream" ->
          FakeHub.reply(request, 426, "{\"detail\":\"only a WebSocket is served here\"}");
      default -> reply(request, 204, "");
    }
  }

  private String word() {
    return refusal == 429 ? "rate-limited" : "unavailable";
  }

  private static JsonNode body(HttpServerRequest request, Buffer bytes) {
    boolean packed = "gzip".equals(request.getHeader("Content-Encoding"));
    boolean cbor = String.valueOf(request.getHeader("Content-Type")).endsWith("cbor");
    try {
      byte[] plain =
          packed
              ? new GZIPInputStream(new ByteArrayInputStream(bytes.getBytes())).readAllBytes()
              : bytes.getBytes();
      return (cbor ? CBOR : FakeHub.JSON).readTree(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(new String(bytes.getBytes(), UTF_8), e);
    }
  }

  private void store(String device, JsonNode telemetry) {
    if (telemetry.isArray()) {
      telemetry.forEach(sample -> hub.storeSample(device, sample));
    } else {
      hub.storeSample(device, telemetry);
    }
  }

  private void commands(String device, HttpServerRequest request) {
    if ("text/event-stream".equals(request.getHeader("Accept"))) {
      listen(device, request);
    } else if (unanswered.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return;
    } else if ("0".equals(request.getParam("wait")) || waiting.containsKey(device)) {
      handOut(device, request);
    } else {
      held.put(device, request);
      long millis = Long.parseLong(request.getParam("wait")) * 1000;
      hub.vertx().setTimer(millis, over -> letGo(device, request));
    }
  }

  private synchronized void letGo(String device, HttpServerRequest request) {
    if (held.remove(device, request)) {
      handOut(device, request);
    }
  }

  private void handOut(String device, HttpServerRequest request) {
    ArrayNode commands = waiting.remove(device);
    reply(request, commands == null ? 204 : 200, "{\"commands\":" + commands + "}");
  }

  private void listen(String device, HttpServerRequest request) {
    if (!streams) {
      FakeHub.reply(request, 406, "{\"detail\":\"no streams\"}");
      return;
    }
    HttpServerResponse stream =
        request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
    listening.put(device, stream);
    stream.closeHandler(gone -> forget(device, stream));
    event(
        stream,
        "welcome",
        "{\"type\":\"welcome\",\"device\":\"%s\",\"session\":\"1\",\"heartbeat\":%d,\"desired\":%s}"
            .formatted(device, heartbeatSeconds, desired));
  }

  private synchronized void forget(String device, HttpServerResponse stream) {
    listening.remove(device, stream);
  }

  private static void event(HttpServerResponse stream, String type, String data) {
    stream.write("event: " + type + "\ndata: " + data + "\n\n").onFailure(gone -> {});
  }

  private void exchange(String device, HttpServerRequest request, JsonNode content) {
    if (content.has("telemetry")) {
      store(device, content.path("telemetry"));
    }
    ArrayNode commands = waiting.remove(device);
    ObjectNode answer = FakeHub.JSON.createObjectNode().put("nextPoll", nextPollMillis);
    answer.set("commands", commands == null ? FakeHub.JSON.createArrayNode() : commands);
    if (!content.has("desiredVersion")) {
      answer.set("desired", FakeHub.JSON.getNodeFactory().rawValueNode(new RawValue(desired)));
    }
    reply(request, 200, answer.toString());
  }

  private void reply(HttpServerRequest request, int status, @Nullable String body) {
    request
        .response()
        .putHeader("Poll-Interval", String.valueOf(nextPollMillis))
        .putHeader("Retry-After", String.valueOf(Math.ceilDiv(nextPollMillis, 1000)));
    FakeHub.reply(request, status, status == 204 ? "" : String.valueOf(body));
  }
}
