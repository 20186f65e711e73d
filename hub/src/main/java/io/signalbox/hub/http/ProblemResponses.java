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
 * Turns whatever went wrong into an answer: a refusal into its row of the table, anything else into
 * 500 with an id by which the log tells the rest. A client never sees a stack trace.
 */
public final class ProblemResponses {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);

  private ProblemResponses() {}

  /** The answer to whatever was thrown. */
  public static Response of(Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return refused(refusal);
    }
    boolean isUnreadable = failure instanceof HttpException odd && odd.getStatusCode() < 500;
    return isUnreadable ? refused(unreadable()) : failed(failure);
  }

  /** The router could make nothing of the request's first line. */
  private static Refusal unreadable() {
    return new Refusal(ErrorCode.MALFORMED, "the path or query of the request cannot be read");
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
      LOG.debug("request {}: the client went away", id);
    } else {
      LOG.error("request {} failed", id, failure);
    }
    Refusal internal =
        new Refusal(
            ErrorCode.INTERNAL, "something went wrong; the hub's log has it as request " + id);
    return refused(internal).with("X-Request-Id", id);
  }
}
