package io.signalbox.sim.http;

import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.HubFrameDecoder;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TransportKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Link that receives commands as server-sent events and sends by POST on a second connection. Ends
 * after two heartbeats without data.
 */
public final class SseLink extends ConnectedLink {
  private static final int GOING_AWAY = 1001;

  private final SseParser events = new SseParser(this::eventReceived);
  private long heartbeatMillis;
  private long lastReceived;

  private SseLink(HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    super(connector, key, listener, TransportKind.SSE);
  }

  /** Opens the link with the device's key and reports events to {@code listener}. */
  public static SseLink open(HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    SseLink link = new SseLink(connector, key, listener);
    connector.context().inFlight().started();
    DeviceRequest deviceRequest = DeviceRequest.get("commands").with("Accept", "text/event-stream");
    link.down.open(deviceRequest).onSuccess(link::answered).onFailure(link::broken);
    return link;
  }

  private void answered(HttpClientResponse response) {
    String type = String.valueOf(response.getHeader("Content-Type"));
    if (response.statusCode() != 200 || !type.startsWith("text/event-stream")) {
      response.resume();
      response
          .body()
          .map(body -> new HttpReply(response.statusCode(), response.headers(), body))
          .onSuccess(this::refused)
          .onFailure(this::broken);
      return;
    }
    response.exceptionHandler(this::broken);
    response.endHandler(end -> broken(new IOException("the hub ended the stream")));
    response.handler(this::received);
    response.resume();
  }

  private void received(Buffer piece) {
    lastReceived = connector.now();
    events.take(piece);
  }

  private void eventReceived(String type, String data) {
    if (type.equals("end") && data.contains("\"code\":\"timeout\"")) {
      // The hub checks liveness: reconnecting is the answer.
      closeConnections();
      notifier.end(new LinkEvent.Closed(GOING_AWAY, "the hub requested a new stream"));
      return;
    }
    HubFrame frame = HubFrameDecoder.json(data);
    if (frame instanceof HubFrame.Welcome welcome) {
      heartbeatMillis = welcome.heartbeatSeconds() * 1000L;
      notifier.welcome(welcome);
    } else {
      notifier.emit(frame);
    }
  }

  @Override
  boolean actOnReceiving(long now) {
    if (now < receivingDueAt()) {
      return true;
    }
    broken(new IOException("no data from the hub for two heartbeats"));
    return false;
  }

  @Override
  long receivingDueAt() {
    return heartbeatMillis == 0 ? Long.MAX_VALUE : lastReceived + 2 * heartbeatMillis;
  }
}
