package io.signalbox.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.internal.http.WebSocketInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * In-memory hub on a real socket that implements the part of the protocol that the simulator uses.
 * Tests can replace its behaviour for frames and handshakes.
 */
final class FakeHub implements AutoCloseable {
  static final String API_KEY = "sbk_test";
  static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper CBOR = new CBORMapper();

  /** One device's connection. */
  final class Session {
    final String device;
    private final ServerWebSocket socket;
    private final boolean cbor;
    long seq;

    Session(String device, ServerWebSocket socket) {
      this.device = device;
      this.socket = socket;
      this.cbor = socket.subProtocol().endsWith("cbor");
    }

    void say(String json) {
      try {
        byte[] bytes = cbor ? CBOR.writeValueAsBytes(JSON.readTree(json)) : json.getBytes(UTF_8);
        (cbor ? socket.writeBinaryMessage(Buffer.buffer(bytes)) : socket.writeTextMessage(json))
            .onFailure(gone -> {});
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void ack(long upTo) {
      say("{\"type\":\"ack\",\"seq\":" + upTo + "}");
    }

    void refuse(String code, JsonNode frame) {
      say(
          "{\"type\":\"error\",\"code\":\""
              + code
              + "\",\"message\":\"not this one\",\"seq\":"
              + frame.path("seq")
              + "}");
    }

    void close(int code, String reason) {
      socket.close((short) code, reason).onFailure(gone -> {});
    }

    void cut() {
      FakeHub.cut(socket);
    }

    /** Stores a telemetry frame without acknowledgement. */
    void store(JsonNode frame) {
      JsonNode batch = frame.path("batch");
      if (batch.isArray()) {
        batch.forEach(this::storeSample);
      } else {
        storeSample(frame);
      }
    }

    private void storeSample(JsonNode sample) {
      FakeHub.this.storeSample(device, sample);
    }
  }

  final Map<String, String> keys = new ConcurrentHashMap<>();
  final List<Session> sessions = new CopyOnWriteArrayList<>();
  final List<JsonNode> frames = new CopyOnWriteArrayList<>();
  private final Map<String, Map<String, NavigableMap<Long, JsonNode>>> history =
      new ConcurrentHashMap<>();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile BiConsumer<Session, JsonNode> onFrame = FakeHub::take;
  private volatile int refuseWith;
  private final AtomicInteger handshakes = new AtomicInteger();
  private final AtomicInteger hangUps = new AtomicInteger();
  private volatile @Nullable HttpConnection newest;
  private volatile int heartbeatSeconds = 30;
  private final List<ServerWebSocket> streams = new CopyOnWriteArrayList<>();
  private volatile Predicate<HttpServerRequest> commands = request -> false;
  private volatile Consumer<HttpServerRequest> deviceHttp =
      request -> reply(request, 404, "{\"detail\":\"no such door\"}");
  private final Queue<Consumer<HttpServerRequest>> historyFaults = new ConcurrentLinkedQueue<>();

  FakeHub() {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setWebSocketSubProtocols(List.of("signalbox.v1.json", "signalbox.v1.cbor")))
            .connectionHandler(connection -> newest = connection)
            .requestHandler(this::answer)
            .webSocketHandshakeHandler(this::shake)
            .webSocketHandler(this::welcome);
    await(server.listen(0));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  void onFrame(BiConsumer<Session, JsonNode> behaviour) {
    onFrame = behaviour;
  }

  /** Sets a handler that sees API requests first and returns whether it handled them. */
  void commands(Predicate<HttpServerRequest> handler) {
    commands = handler;
  }

  /** Sets the handler of HTTP device requests. */
  void deviceHttp(Consumer<HttpServerRequest> answers) {
    deviceHttp = answers;
  }

  /** Stores a sample of a device. */
  void storeSample(String device, JsonNode sample) {
    long ts = sample.path("ts").longValue();
    sample
        .path("values")
        .properties()
        .forEach(each -> series(device, each.getKey()).put(ts, each.getValue()));
  }

  /** The device with this key. */
  String holder(@Nullable String header) {
    String key = bearer(header);
    return keys.entrySet().stream()
        .filter(each -> each.getValue().equals(key))
        .findFirst()
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /** Sends an event to all operator streams. */
  void tell(String json) {
    streams.forEach(stream -> stream.writeTextMessage(json).onFailure(gone -> {}));
  }

  private static void cut(ServerWebSocket socket) {
    var unused = ((WebSocketInternal) socket).channelHandlerContext().close();
  }

  /** Number of operator streams opened so far. */
  int streams() {
    return streams.size();
  }

  /** Stops reading from the operator streams, as if the network had vanished. */
  void stallStreams() {
    streams.forEach(
        stream ->
            ((WebSocketInternal) stream)
                .channelHandlerContext()
                .channel()
                .config()
                .setAutoRead(false));
  }

  void rejectHandshakes(int status) {
    refuseWith = status;
  }

  /** Answers the next history request with this status. */
  void failHistory(int status) {
    historyFaults.add(request -> reply(request, status, "{}"));
  }

  /** Truncates the next history response, as if the hub were killed. */
  void truncateHistory() {
    historyFaults.add(
        request ->
            request
                .response()
                .setChunked(true)
                .write("{\"metric\":\"temperature\",\"ts\":1,\"va")
                .onComplete(written -> request.connection().close()));
  }

  /** Sends invalid data as the next history response. */
  void sendInvalidHistory() {
    historyFaults.add(request -> reply(request, 200, "<html>\n"));
  }

  /** Handshakes so far. */
  int handshakes() {
    return handshakes.get();
  }

  void heartbeat(int seconds) {
    heartbeatSeconds = seconds;
  }

  Vertx vertx() {
    return vertx;
  }

  NavigableMap<Long, JsonNode> series(String device, String metric) {
    return history
        .computeIfAbsent(device, id -> new ConcurrentHashMap<>())
        .computeIfAbsent(metric, name -> new ConcurrentSkipListMap<>());
  }

  /** Default handling of a frame. */
  static void take(Session session, JsonNode frame) {
    if (frame.path("type").asText().equals("telemetry")) {
      session.store(frame);
      session.ack(frame.path("seq").longValue());
    } else if (frame.path("type").asText().equals("ping")) {
      session.say("{\"type\":\"pong\"}");
    }
  }

  /** Hangs up on the next WebSocket handshakes without an answer; for a single device. */
  void dropHandshakes(int handshakes) {
    hangUps.set(handshakes);
  }

  private void shake(ServerWebSocketHandshake handshake) {
    handshakes.incrementAndGet();
    HttpConnection connection = newest;
    if (hangUps.getAndUpdate(left -> Math.max(0, left - 1)) > 0 && connection != null) {
      connection.close().onFailure(gone -> {});
      return;
    }
    String bearer = bearer(handshake.headers().get("Authorization"));
    boolean known = keys.containsValue(bearer) || bearer.equals(API_KEY);
    int status = refuseWith != 0 ? refuseWith : known ? 0 : 401;
    (status == 0 ? handshake.accept().mapEmpty() : handshake.reject(status)).onFailure(e -> {});
  }

  private void welcome(ServerWebSocket socket) {
    if (socket.path().equals("/api/v1/stream")) {
      streams.add(socket);
      return;
    }
    String device = holder(socket.headers().get("Authorization"));
    Session session = new Session(device, socket);
    socket.textMessageHandler(text -> received(session, text.getBytes(UTF_8)));
    socket.binaryMessageHandler(bytes -> received(session, bytes.getBytes()));
    session.say(
        "{\"type\":\"welcome\",\"device\":\""
            + device
            + "\",\"session\":\""
            + (sessions.size() + 1)
            + "\",\"heartbeat\":"
            + heartbeatSeconds
            + ",\"limits\":{},\"desired\":{\"version\":0,\"state\":{}}}");
    // A test that sees the session may send on it, and nothing comes before the welcome.
    sessions.add(session);
  }

  private void received(Session session, byte[] bytes) {
    try {
      JsonNode frame = (session.cbor ? CBOR : JSON).readTree(bytes);
      if (frame.path("type").asText().equals("telemetry")
          && frame.path("seq").longValue() != ++session.seq) {
        throw new IllegalStateException("seq must be " + session.seq + " in " + frame);
      }
      if (frame.path("type").asText().equals("describe")) {
        session.say("{\"type\":\"described\",\"version\":1}");
        return;
      }
      frames.add(frame);
      onFrame.accept(session, frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpServerRequest request) {
    if (request.path().startsWith("/device/")) {
      deviceHttp.accept(request);
    } else if (!API_KEY.equals(bearer(request.getHeader("Authorization")))) {
      reply(request, 401, "{\"status\":401,\"detail\":\"no such key\"}");
    } else if (commands.test(request)) {
      return;
    } else if (request.method().equals(HttpMethod.GET)) {
      Consumer<HttpServerRequest> fault = historyFaults.poll();
      if (fault == null) {
        reply(request, 200, history(request));
      } else {
        fault.accept(request);
      }
    } else {
      request.body().onSuccess(body -> post(request, body));
    }
  }

  private void post(HttpServerRequest request, Buffer body) {
    try {
      JsonNode asked = JSON.readTree(body.getBytes());
      String[] path = request.path().split("/", -1);
      if (request.path().endsWith("/key")) {
        keys.put(path[path.length - 2], asked.path("key").asText());
        reply(request, 200, "{}");
      } else {
        reply(request, 200, register(asked).toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode register(JsonNode devices) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode items = answer.putArray("items");
    for (JsonNode device : devices) {
      String id = device.path("id").asText();
      boolean isNew = keys.putIfAbsent(id, device.path("key").asText()) == null;
      items.addObject().put("id", id).put("status", isNew ? 201 : 409);
    }
    return answer;
  }

  private String history(HttpServerRequest request) {
    String device = request.path().split("/", -1)[4];
    long from = Long.parseLong(request.getParam("from"));
    long to = Long.parseLong(request.getParam("to"));
    StringBuilder lines = new StringBuilder();
    for (String metric : request.params().getAll("metric")) {
      series(device, metric)
          .subMap(from, true, to, false)
          .forEach((ts, value) -> lines.append(line(metric, ts, value)));
    }
    return lines.toString();
  }

  private static String line(String metric, long ts, JsonNode value) {
    ObjectNode line = JSON.createObjectNode().put("metric", metric).put("ts", ts);
    return line.set("value", value) + "\n";
  }

  static void reply(HttpServerRequest request, int status, String body) {
    request.response().setStatusCode(status).end(body).onFailure(gone -> {});
  }

  private static String bearer(@Nullable String header) {
    return header == null ? "" : header.replaceFirst("^Bearer ", "");
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(120, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    // A paused connection never completes the close handshake.
    streams.forEach(FakeHub::cut);
    await(vertx.close());
  }
}
