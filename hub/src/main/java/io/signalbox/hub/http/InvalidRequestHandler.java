package io.signalbox.hub.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.ProblemJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers malformed or oversized request heads; Vert.x closes the connection afterwards. */
public final class InvalidRequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(InvalidRequestHandler.class);

  private InvalidRequestHandler() {}

  /** Answers with what is wrong with the head. On the event loop of the connection. */
  public static void refuse(HttpServerRequest request) {
    Refusal refusal = refusal(request.decoderResult().cause());
    request
        .response()
        .setStatusCode(refusal.kind().status())
        .putHeader(HttpHeaders.CONTENT_TYPE, ProblemJson.CONTENT_TYPE)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(Buffer.buffer(ProblemJson.bytes(refusal)))
        .onFailure(gone -> LOG.debug("Client disconnected before its error response", gone));
  }

  private static Refusal refusal(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new Refusal(
          ErrorCode.URI_TOO_LONG, "the request line exceeds the limit (http.maxRequestLineBytes)");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return new Refusal(
          ErrorCode.HEADERS_TOO_LARGE,
          "the request headers exceed the limit (http.maxHeaderBytes)");
    }
    return new Refusal(ErrorCode.MALFORMED, "the request head is not valid HTTP/1.1");
  }
}
