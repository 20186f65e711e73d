package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.ProblemJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.handler.HttpException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps failures to responses: a {@link Refusal} to its status and problem document, everything else
 * to 500 with an id that is also in the log. A client never sees a stack trace.
 */
public final class ProblemResponses {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);

  private ProblemResponses() {}

  /** The response to a failure. */
  public static Response of(Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return refused(refusal);
    }
    boolean isUnreadable = failure instanceof HttpException odd && odd.getStatusCode() < 500;
    return isUnreadable ? refused(unreadable()) : failed(failure);
  }

  /** The router could not parse the request target. */
  private static Refusal unreadable() {
    return new Refusal(ErrorCode.MALFORMED, "the path or query of the request is malformed");
  }

  private static Response refused(Refusal refusal) {
    Response answer =
        Response.of(
            refusal.kind().status(),
            ProblemJson.CONTENT_TYPE,
            Buffer.buffer(ProblemJson.bytes(refusal)));
    if (refusal.retryAfter() > 0) {
      answer = answer.with("Retry-After", Integer.toString(refusal.retryAfter()));
    }
    return answer;
  }

  private static Response failed(Throwable failure) {
    String id = UUID.randomUUID().toString();
    if (failure instanceof HttpClosedException) {
      LOG.debug("Request {}: client disconnected", id);
    } else {
      LOG.error("Request {} failed", id, failure);
    }
    Refusal internal =
        new Refusal(
            ErrorCode.INTERNAL, "internal error; details are in the hub's log, request " + id);
    return refused(internal).with("X-Request-Id", id);
  }
}
