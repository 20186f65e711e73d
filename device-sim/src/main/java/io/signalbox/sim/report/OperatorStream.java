package io.signalbox.sim.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.sim.api.HubAddress;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Client of the hub's live stream that subscribes to one topic. Reconnects if the connection closes
 * or pings remain unanswered.
 */
public final class OperatorStream extends VerticleBase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BIGGEST_MESSAGE_BYTES = 16 << 20;
  private static final long COME_BACK_MILLIS = 500;
  private static final long PING_MILLIS = 2_000;
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int CLOSING_SECONDS = 1;

  private final HubAddress hub;
  private final String apiKey;
  private final String topic;
  private final Consumer<JsonNode> listener;
  private boolean ended;
  private long confirmedAt;

  /**
   * Creates a client with an API key.
   *
   * @param topic topic to subscribe to
   * @param listener receives each event on this stream's event loop; events during a disconnection
   *     are lost
   */
  public OperatorStream(HubAddress hub, String apiKey, String topic, Consumer<JsonNode> listener) {
    this.hub = hub;
    this.apiKey = apiKey;
    this.topic = topic;
    this.listener = listener;
  }

  @Override
  public Future<?> start() {
    WebSocketClientOptions options =
        new WebSocketClientOptions()
            .setMaxFrameSize(BIGGEST_MESSAGE_BYTES)
            .setMaxMessageSize(BIGGEST_MESSAGE_BYTES)
            .setClosingTimeout(CLOSING_SECONDS);
    return follow(vertx.createWebSocketClient(options));
  }

  @Override
  public Future<?> stop() {
    ended = true;
    return Future.succeededFuture();
  }

  private Future<Void> follow(WebSocketClient client) {
    ClientWebSocket socket = client.webSocket();
    socket.textMessageHandler(this::shown);
    socket.pongHandler(pong -> confirmedAt = System.nanoTime());
    socket.closeHandler(end -> comeBack(client));
    return socket.connect(call()).compose(this::opened);
  }

  private Future<Void> opened(WebSocket socket) {
    confirmedAt = System.nanoTime();
    vertx.setPeriodic(PING_MILLIS, timer -> ping(timer, socket));
    return socket.writeTextMessage(subscription());
  }

  private void ping(long timer, WebSocket socket) {
    boolean silent = System.nanoTime() - confirmedAt > SILENCE_NANOS;
    if (silent || socket.isClosed()) {
      vertx.cancelTimer(timer);
    }
    if (!socket.isClosed()) {
      (silent ? socket.close() : socket.writePing(Buffer.buffer())).onFailure(gone -> {});
    }
  }

  private String subscription() {
    return "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"" + topic + "\"]}";
  }

  private WebSocketConnectOptions call() {
    return new WebSocketConnectOptions()
        .setHost(hub.host())
        .setPort(hub.port())
        .setSsl(hub.tls())
        .setURI(hub.base() + "/api/v1/stream")
        .addSubProtocol("signalbox.v1.json")
        .addHeader("Authorization", "Bearer " + apiKey);
  }

  private void comeBack(WebSocketClient client) {
    if (!ended) {
      vertx
          .timer(COME_BACK_MILLIS, TimeUnit.MILLISECONDS)
          .compose(now -> follow(client))
          .onFailure(away -> comeBack(client));
    }
  }

  private void shown(String text) {
    confirmedAt = System.nanoTime();
    try {
      JsonNode frame = JSON.readTree(text);
      if (frame.isArray()) {
        frame.forEach(listener);
      } else {
        listener.accept(frame);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the hub's stream sent invalid JSON", e);
    }
  }
}
