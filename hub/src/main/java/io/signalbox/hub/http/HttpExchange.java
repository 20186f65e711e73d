package io.signalbox.hub.http;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP request and its response; the only place that writes a response. Thousands are held at a
 * time, so this holds no routing context: that would add a kilobyte to each.
 *
 * <p>Threading: the event loop of the connection.
 */
public final class HttpExchange {
  private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

  /** 1 MiB of small members takes a tenth of a second to parse. */
  private static final int PARSED_HERE = 64 * 1024;

  private final HttpServerRequest request;
  private final Context loop;
  private final RequestBody body;
  private @Nullable Runnable over;
  private @Nullable Runnable abandoned;

  /** Wraps a request whose body has not been read yet. */
  public HttpExchange(HttpServerRequest request, Context loop, RequestBody body) {
    this.request = request;
    this.loop = loop;
    this.body = body;
    HttpServerResponse response = request.response();
    response.endHandler(written -> end());
    response.closeHandler(gone -> abandon());
  }

  /** The request, whose body is paused. */
  public HttpServerRequest request() {
    return request;
  }

  /** The event loop context of the connection. */
  public Context loop() {
    return loop;
  }

  /** The body of the request. */
  public RequestBody body() {
    return body;
  }

  /** Completes with the same result, on the event loop of the connection. */
  public <T> Future<T> onLoop(Future<T> result) {
    return Contexts.resumeOn(loop, result);
  }

  /** Runs the step if the client disconnects before the response is written. */
  public void onClientGone(Runnable step) {
    if (request.response().closed()) {
      step.run();
    } else {
      abandoned = step;
    }
  }

  /** Runs the step when the response is written or the client has disconnected. */
  public void whenOver(Runnable step) {
    over = step;
  }

  private void abandon() {
    Runnable step = abandoned;
    abandoned = null;
    if (step != null) {
      step.run();
    }
    end();
  }

  private void end() {
    Runnable step = over;
    over = null;
    abandoned = null;
    if (step != null) {
      step.run();
    }
  }

  /**
   * The JSON of a body, as {@link StrictJson#parse} reads it. The future is complete unless the
   * body is large: it is parsed on a worker thread then, so that the event loop can serve others.
   */
  public Future<Json> parsed(Buffer text) {
    return text.length() > PARSED_HERE
        ? loop.executeBlocking(() -> StrictJson.parse(text), false)
        : Future.succeededFuture(StrictJson.parse(text));
  }

  /**
   * Writes the response and discards the rest of the request body. Fails if the client has
   * disconnected. For a streamed response, succeeds when the head is written.
   */
  public Future<Void> write(Response answer) {
    return write(answer, ResponseHeaders::write);
  }

  /** The same without the headers that only browsers read. */
  public Future<Void> writeMinimal(Response answer) {
    return write(answer, ResponseHeaders::writeMinimal);
  }

  private Future<Void> write(Response wanted, BiConsumer<MultiMap, Response> heads) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return Future.failedFuture(new HttpClosedException("the client disconnected"));
    }
    Response answer = isAnother(wanted) ? another(wanted) : wanted;
    heads.accept(response.headers(), answer);
    if (answer.status() == 401) {
      Challenge.write(response.headers(), request);
    }
    if (isKnown(answer)) {
      response.setStatusCode(304);
      response.headers().remove("Content-Type");
      return send(response, null);
    }
    response.setStatusCode(answer.status());
    return sendContent(response, answer.content());
  }

  private Future<Void> sendContent(HttpServerResponse response, Response.Content content) {
    return switch (content) {
      case Response.Empty nothing -> send(response, null);
      case Response.Whole whole -> send(response, whole.bytes());
      case Response.Streaming flow -> {
        if (isHead()) {
          yield send(response, null);
        }
        response.setChunked(true);
        new Pump(flow.source(), response, loop).run().onComplete(over -> body.discardRest());
        yield Future.succeededFuture();
      }
    };
  }

  private Future<Void> send(HttpServerResponse response, @Nullable Buffer bytes) {
    if (bytes != null) {
      response.putHeader("Content-Length", Integer.toString(bytes.length()));
    }
    if (body.mustClose()) {
      response.putHeader("Connection", "close");
    }
    Future<Void> sent = bytes == null || isHead() ? response.end() : response.end(bytes);
    sent.onFailure(gone -> LOG.debug("Client disconnected before its response", gone));
    body.discardRest();
    return sent;
  }

  private boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  private boolean isReading(Response answer) {
    boolean reading = isHead() || request.method().equals(HttpMethod.GET);
    return reading && answer.status() == 200;
  }

  /** Whether a read has preconditions that this state does not meet (RFC 9110, 13.1.1). */
  private boolean isAnother(Response answer) {
    String tag = answer.tag();
    return tag != null && isReading(answer) && !Preconditions.admit(request, tag);
  }

  private static Response another(Response answer) {
    String fault = "If-Match names another version; the ETag is now \"%s\"".formatted(answer.tag());
    return ProblemResponses.of(new Refusal(Refusal.ErrorCode.PRECONDITION_FAILED, fault));
  }

  /** Whether the client already has this state (RFC 9110, 13.1.2). */
  private boolean isKnown(Response answer) {
    String tag = answer.tag();
    if (tag == null || !isReading(answer)) {
      return false;
    }
    EntityTags known = EntityTags.of(request, "If-None-Match");
    return known != null && known.match(tag);
  }
}
