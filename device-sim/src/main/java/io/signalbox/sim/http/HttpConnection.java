package io.signalbox.sim.http;

import io.signalbox.sim.link.ByteMeter;
import io.signalbox.sim.link.TrafficMetrics;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Persistent HTTP connection of a device to the hub, reopened when needed, with one request at a
 * time. A request that fails on a previously idle connection is repeated once on a new one, because
 * the hub may have closed it; all device requests are repeatable.
 *
 * <p>Threading: confined to its event loop. It has no timer: the owner calls {@link #act} at {@link
 * #dueAt}.
 */
final class HttpConnection {
  private final HttpConnector connector;
  private final String key;
  private final TrafficMetrics.Counts counts;
  private @Nullable HttpClientConnection connection;
  private long deadline = Long.MAX_VALUE;
  private boolean late;
  private boolean closed;

  HttpConnection(HttpConnector connector, String key, TrafficMetrics.Counts counts) {
    this.connector = connector;
    this.key = key;
    this.counts = counts;
  }

  /** Whether a request is in flight. */
  boolean isBusy() {
    return deadline != Long.MAX_VALUE;
  }

  /** Time at which the response is overdue. */
  long dueAt() {
    return deadline;
  }

  /** Fails an overdue request. */
  void act(long now) {
    if (now >= deadline) {
      late = true;
      drop();
    }
  }

  /** Sends a request and reads the whole response. */
  Future<HttpReply> ask(DeviceRequest deviceRequest) {
    return request(deviceRequest)
        .compose(response -> response.body().map(body -> reply(response, body)))
        .recover(this::failed)
        .onComplete(done -> deadline = Long.MAX_VALUE);
  }

  /** Sends a request and returns the response paused, so that no byte of its body is missed. */
  Future<HttpClientResponse> open(DeviceRequest deviceRequest) {
    return request(deviceRequest)
        .map(HttpClientResponse::pause)
        .recover(this::failed)
        .onComplete(head -> deadline = Long.MAX_VALUE);
  }

  private static HttpReply reply(HttpClientResponse response, Buffer body) {
    return new HttpReply(response.statusCode(), response.headers(), body);
  }

  private Future<HttpClientResponse> request(DeviceRequest deviceRequest) {
    boolean kept = connection != null;
    late = false;
    deadline = connector.now() + deviceRequest.timeoutMillis();
    return send(deviceRequest)
        .recover(
            fault -> kept && !late && !closed ? send(deviceRequest) : Future.failedFuture(fault));
  }

  private Future<HttpClientResponse> send(DeviceRequest deviceRequest) {
    counts.requests.increment();
    return connected()
        .compose(up -> up.request(options(deviceRequest)))
        .compose(request -> written(request, deviceRequest.body()));
  }

  private static Future<HttpClientResponse> written(HttpClientRequest request, Buffer body) {
    return body.length() == 0 ? request.send() : request.send(body);
  }

  private RequestOptions options(DeviceRequest deviceRequest) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(deviceRequest.method())
            .setURI(connector.path(deviceRequest.path()))
            .putHeader("Authorization", "Bearer " + key);
    deviceRequest.headers().forEach(options::putHeader);
    return options;
  }

  private Future<HttpClientConnection> connected() {
    HttpClientConnection current = connection;
    return current == null
        ? connector.connect().map(this::connected)
        : Future.succeededFuture(current);
  }

  private HttpClientConnection connected(HttpClientConnection up) {
    if (up instanceof UnpooledHttpClientConnection internal) {
      // The public API counts only bodies.
      internal.unwrap().channelHandlerContext().pipeline().addFirst(new ByteMeter(counts));
    }
    up.closeHandler(end -> gone(up));
    connection = up;
    if (closed) {
      drop();
    }
    return up;
  }

  private void gone(HttpClientConnection ended) {
    if (ended.equals(connection)) {
      connection = null;
    }
  }

  private <T> Future<T> failed(Throwable fault) {
    return Future.failedFuture(late ? new IOException("the hub did not answer in time") : fault);
  }

  /** Closes the connection; a request in flight fails. */
  void close() {
    closed = true;
    drop();
  }

  private void drop() {
    HttpClientConnection current = connection;
    connection = null;
    if (current != null) {
      current.close().onFailure(gone -> {});
    }
  }
}
