package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.DeviceFrame.Status;
import io.signalbox.sim.link.DeviceFrame.Telemetry;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.HubFrame;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends a device's frames by requests: results first, in order, then the reported state, then the
 * description, then all waiting readings in one request. One request at a time, so that
 * acknowledgements stay in order.
 */
final class Uplink {
  private final HttpConnector connector;
  private final HttpConnection connection;
  private final LinkNotifier notifier;
  private final Runnable idle;
  private final UploadBatch load = new UploadBatch();
  private final ArrayDeque<Result> results = new ArrayDeque<>(2);
  private final Map<String, Object> reported = new HashMap<>();
  private @Nullable JsonNode description;
  private long heldUntil;

  /**
   * Creates an uplink on a connection.
   *
   * @param idle run when the connection is idle and nothing waits
   */
  Uplink(HttpConnector connector, HttpConnection connection, LinkNotifier notifier, Runnable idle) {
    this.connector = connector;
    this.connection = connection;
    this.notifier = notifier;
    this.idle = idle;
  }

  /** Queues a frame without sending it. */
  void put(DeviceFrame frame) {
    switch (frame) {
      case Telemetry telemetry -> load.add(telemetry);
      case Result result -> results.add(result);
      case DeviceFrame.Reported patch -> reported.putAll(patch.patch());
      case DeviceFrame.Describe describe -> description = describe.description();
      case DeviceFrame.Ping ping -> {}
    }
  }

  /** Whether the queue of readings is full. */
  boolean isFull() {
    return load.isFull();
  }

  /** Time of the next retry; {@link Long#MAX_VALUE} if none. */
  long dueAt() {
    boolean isHeld = heldUntil != 0 && (!reported.isEmpty() || description != null);
    return isHeld ? heldUntil : Long.MAX_VALUE;
  }

  /** Sends queued frames, one request after the other. */
  void pump() {
    if (connection.isBusy() || notifier.isOver()) {
      return;
    }
    if (!results.isEmpty()) {
      send(results.removeFirst());
    } else if (!reported.isEmpty() && connector.now() >= heldUntil) {
      sendReported();
    } else if (description != null && connector.now() >= heldUntil) {
      send(description);
    } else if (!load.isEmpty()) {
      send(load.take());
    } else {
      idle.run();
    }
  }

  private void send(Result result) {
    String path = "commands/" + result.id() + "/result";
    Encoding encoding = connector.context().encoding();
    connection
        .ask(DeviceRequest.post(path, encoding, RequestEncoder.result(result, encoding)))
        .onSuccess(reply -> answered(result, reply))
        .onFailure(notifier::broken);
  }

  private void answered(Result result, HttpReply reply) {
    if (reply.isGood()) {
      confirmed(result);
    } else if (reply.status() == 401) {
      notifier.refused(reply);
    } else {
      if (!reply.isRetryable()) {
        confirmed(result);
      }
      notifier.emit(refusal(reply, OptionalLong.empty()));
    }
    pump();
  }

  /** A permanently refused result counts as confirmed: repeating it would change nothing. */
  private void confirmed(Result result) {
    if (result.status() == Status.ACCEPTED) {
      notifier.received().answered(result.id());
    } else {
      notifier.emit(new HubFrame.ResultConfirmed(result.id()));
    }
  }

  private void sendReported() {
    Map<String, Object> patch = new HashMap<>(reported);
    reported.clear();
    connection
        .ask(DeviceRequest.patch("twin/reported", RequestEncoder.patch(patch)))
        .onSuccess(reply -> reported(patch, reply))
        .onFailure(notifier::broken);
  }

  private void reported(Map<String, Object> patch, HttpReply reply) {
    heldUntil = 0;
    if (reply.status() == 401) {
      notifier.refused(reply);
    } else if (reply.isRetryable()) {
      patch.forEach(reported::putIfAbsent);
      heldUntil = connector.now() + Math.max(1000, reply.retryAfterMillis());
    } else if (!reply.isGood()) {
      notifier.emit(refusal(reply, OptionalLong.empty()));
    }
    pump();
  }

  private void send(JsonNode described) {
    description = null;
    Encoding encoding = connector.context().encoding();
    Buffer body = RequestEncoder.description(described, encoding);
    connection
        .ask(DeviceRequest.put("description", encoding, body))
        .onSuccess(reply -> described(described, reply))
        .onFailure(notifier::broken);
  }

  private void described(JsonNode described, HttpReply reply) {
    heldUntil = 0;
    if (reply.isGood()) {
      notifier.emit(new HubFrame.Described(reply.document().path("version").asLong()));
    } else if (reply.status() == 401) {
      notifier.refused(reply);
    } else if (reply.isRetryable()) {
      description = described;
      heldUntil = connector.now() + Math.max(1000, reply.retryAfterMillis());
    } else {
      notifier.emit(refusal(reply, OptionalLong.empty()));
    }
    pump();
  }

  private void send(List<Telemetry> frames) {
    Encoding encoding = connector.context().encoding();
    DeviceRequest deviceRequest =
        DeviceRequest.post("telemetry", encoding, RequestEncoder.telemetry(frames, encoding));
    connection
        .ask(RequestEncoder.compressed(deviceRequest, connector.options()))
        .onSuccess(reply -> answered(frames, reply))
        .onFailure(notifier::broken);
  }

  private void answered(List<Telemetry> frames, HttpReply reply) {
    if (reply.isGood()) {
      notifier.emit(new HubFrame.Ack(frames.getLast().seq()));
    } else if (reply.status() == 401) {
      notifier.refused(reply);
    } else {
      frames.forEach(frame -> notifier.emit(refusal(reply, OptionalLong.of(frame.seq()))));
    }
    pump();
  }

  private static HubFrame.Refusal refusal(HttpReply reply, OptionalLong seq) {
    return new HubFrame.Refusal(reply.code(), reply.detail(), seq, reply.retryAfterMillis());
  }
}
