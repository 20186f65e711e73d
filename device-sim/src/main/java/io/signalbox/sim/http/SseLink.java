package io.signalbox.sim.http;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.HubFrameDecoder;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Link that receives commands as server-sent events and sends by POST on a second connection. Ends
 * after two heartbeats without data.
 */
public final class SseLink implements Link {
  private static final int GOING_AWAY = 1001;

  private final HttpConnector connector;
  private final LinkNotifier notifier;
  private final HttpConnection down;
  private final HttpConnection upWire;
  private final Uplink up;
  private final SseParser events = new SseParser(this::eventReceived);
  private long heartbeatMillis;
  private long lastReceived;

  private SseLink(HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    this.connector = connector;
    TrafficMetrics.Counts counts = connector.context().counts(TransportKind.SSE);
    this.notifier = new LinkNotifier(listener, connector.context().inFlight()::answered);
    this.down = new HttpConnection(connector, key, counts);
    this.upWire = new HttpConnection(connector, key, counts);
    this.up = new Uplink(connector, upWire, notifier, () -> {});
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
      closeWires();
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

  private void broken(Throwable fault) {
    closeWires();
    notifier.broken(fault);
  }

  private void refused(HttpReply reply) {
    closeWires();
    notifier.refused(reply);
  }

  @Override
  public void send(DeviceFrame frame) {
    up.put(frame);
    up.pump();
  }

  @Override
  public boolean isFull() {
    return up.isFull();
  }

  @Override
  public boolean isAwake() {
    return true;
  }

  @Override
  public boolean confirmsResults() {
    return true;
  }

  @Override
  public void act(long now) {
    down.act(now);
    upWire.act(now);
    if (now >= silentAt()) {
      broken(new IOException("no data from the hub for two heartbeats"));
    } else if (now >= up.dueAt()) {
      up.pump();
    }
  }

  private long silentAt() {
    return heartbeatMillis == 0 ? Long.MAX_VALUE : lastReceived + 2 * heartbeatMillis;
  }

  @Override
  public long dueAt() {
    return Math.min(Math.min(down.dueAt(), upWire.dueAt()), Math.min(silentAt(), up.dueAt()));
  }

  @Override
  public void nudge(long now) {
    // It never sleeps.
  }

  @Override
  public void hurry(long now) {
    // It never sleeps.
  }

  @Override
  public void close() {
    notifier.hush();
    closeWires();
  }

  private void closeWires() {
    down.close();
    upWire.close();
  }

  @Override
  public void cut() {
    close();
  }
}
