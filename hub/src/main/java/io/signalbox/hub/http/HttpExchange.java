package io.signalbox.hub.http;

import io.signalbox.hub.bus.Contexts;
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
 * A request and its response, under way: the only place that writes one. Thousands are held at a
 * time, and what a router knows of them is not: it would make each a kilobyte larger.
 *
 * <p>Threading: the event loop of the connection.
 */
public final class HttpExchange {
  private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

  private final HttpServerRequest request;
  private final Context loop;
  private final RequestBody body;
  private @Nullable Runnable over;
  private @Nullable Runnable abandoned;

  /** Takes a request over, before anybody has read of its body. */
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

  /** The event loop of the connection. */
  public Context loop() {
    return loop;
  }

  /** The body of the request. */
  public RequestBody body() {
    return body;
  }

  /** The same result, on the event loop of the connection. */
  public <T> Future<T> onLoop(Future<T> result) {
    return Contexts.resumeOn(loop, result);
  }

  /** Runs the step when the client goes away before it is answered. */
  public void onClientGone(Runnable step) {
    if (request.response().closed()) {
      step.run();
    } else {
      abandoned = step;
    }
  }

  /** Runs the step when it is answered, or the client has gone away before. */
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
   * Writes the answer, and lets go by what is left of the request. Fails if the client has gone
   * away; of an answer that comes bit by bit it succeeds when the head is written.
   */
  public Future<Void> write(Response answer) {
    return write(answer, ResponseHeaders::write);
  }

  /** The same to somebody who is no browser. */
  public Future<Void> writeMinimal(Response answer) {
    return write(answer, ResponseHeaders::writeMinimal);
  }

  private Future<Void> write(Response wanted, BiConsumer<MultiMap, Response> heads) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return Future.failedFuture(new HttpClosedException("the client has gone away"));
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
    sent.onFailure(gone -> LOG.debug("a client went away before its answer", gone));
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

  /** Whether the client wants to read other states only (RFC 9110, 13.1.1). */
  private boolean isAnother(Response answer) {
    String tag = answer.tag();
    return tag != null && isReading(answer) && !Preconditions.admit(request, tag);
  }

  private static Response another(Response answer) {
    String fault = "the ETag is now \"%s\"".formatted(answer.tag());
    return ProblemResponses.of(new Refusal(Refusal.ErrorCode.PRECONDITION_FAILED, fault));
  }

  /** Whether the client has shown that it has this very state already (RFC 9110, 13.1.2). */
  private boolean isKnown(Response answer) {
    String tag = answer.tag();
    if (tag == null || !isReading(answer)) {
      return false;
    }
    EntityTags known = EntityTags.of(request, "If-None-Match");
    return known != null && known.match(tag);
  }
}
