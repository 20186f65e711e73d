package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Body of a request that arrives paused. An endpoint reads it on demand, with limits of size and
 * time; an unread body is discarded after the response.
 *
 * <p>Threading: the event loop of the connection.
 */
public final class RequestBody {
  private static final Duration PATIENCE_FOR_WASTE = Duration.ofSeconds(5);
  private static final long MOST_WASTE = 64 * 1024L;
  private static final Set<HttpMethod> WITHOUT = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset=\"?([^\";\\s]+)");

  private final HttpServerRequest request;
  private final Context loop;
  private final Duration timeout;
  private boolean begun;

  /**
   * Pauses the request if it has a body.
   *
   * @param timeout longest wait for the whole body, or for the next part when it is read as lines
   */
  public RequestBody(HttpServerRequest request, Context loop, Duration timeout) {
    this.request = request;
    this.loop = loop;
    this.timeout = timeout;
    if (isThere()) {
      request.pause();
    }
  }

  /** Whether the request has a body. */
  public boolean isThere() {
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || length() > 0 || mayFollow();
  }

  /** HTTP/2 requests can have a body without a length or an encoding header. */
  private boolean mayFollow() {
    return request.version() == HttpVersion.HTTP_2
        && !WITHOUT.contains(request.method())
        && request.getHeader(HttpHeaders.CONTENT_LENGTH) == null;
  }

  private long length() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  /** The media type in lower case, without parameters; empty if the header is missing. */
  public String type() {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Throws UNSUPPORTED_MEDIA unless the body has one of these types and is uncompressed UTF-8. */
  public void needType(String... types) {
    String given = type();
    if (!Arrays.asList(types).contains(given)) {
      String known = "Content-Type must be " + String.join(" or ", types);
      throw unsupported("Content-Type", given.isEmpty() ? known : known + "; got " + given);
    }
    if (!isUtf8()) {
      throw unsupported("Content-Type", "the charset of the body must be UTF-8");
    }
    if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      throw unsupported("Content-Encoding", "the body must be sent without Content-Encoding");
    }
  }

  private static Refusal unsupported(String header, String detail) {
    return new Refusal(ErrorCode.UNSUPPORTED_MEDIA, header, detail);
  }

  /** Whether the content type names no charset other than UTF-8. */
  public boolean isUtf8() {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    Matcher charset = CHARSET.matcher(type == null ? "" : type);
    return !charset.find() || charset.group(1).equalsIgnoreCase("utf-8");
  }

  /** Reads the whole body. Fails if it is over the limit, in bytes, or too slow. */
  public Future<Buffer> read(long limit) {
    if (!isThere()) {
      return Future.succeededFuture(Buffer.buffer());
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer gathered = Buffer.buffer();
    open(limit);
    long timer = loop.owner().setTimer(timeout.toMillis(), id -> whole.tryFail(tooSlow()));
    request.handler(part -> gather(part, gathered, limit, whole));
    request.endHandler(end -> whole.tryComplete(gathered));
    request.exceptionHandler(whole::tryFail);
    request.resume();
    return whole.future().onComplete(done -> loop.owner().cancelTimer(timer));
  }

  /** Reads the body as lines, on demand; both limits are in bytes. */
  public LineReader lines(long limit, int lineLimit) {
    open(limit);
    LineReader lines = new LineReader(request, loop, timeout, limit, lineLimit);
    if (isThere()) {
      lines.attach();
    } else {
      lines.end();
    }
    return lines;
  }

  private void open(long limit) {
    if (length() > limit) {
      throw tooLarge(limit);
    }
    begun = true;
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
  }

  private static void gather(Buffer part, Buffer gathered, long limit, Promise<Buffer> whole) {
    if (gathered.length() + part.length() > limit) {
      whole.tryFail(tooLarge(limit));
    } else if (!whole.future().isComplete()) {
      gathered.appendBuffer(part);
    }
  }

  /** The refusal of a body over its limit, in bytes. */
  public static Refusal tooLarge(long limit) {
    return new Refusal(ErrorCode.TOO_LARGE, "the body exceeds the limit of " + limit + " bytes");
  }

  /** The refusal of a body that does not arrive in time. */
  public static Refusal tooSlow() {
    return new Refusal(ErrorCode.TIMEOUT, "the request body did not arrive in time");
  }

  /**
   * Whether the connection should be closed after the response because much of the body is missing.
   */
  public boolean mustClose() {
    if (request.version() == HttpVersion.HTTP_2) {
      return false;
    }
    boolean bounded = length() > 0 && length() <= MOST_WASTE;
    return isThere() && !request.isEnded() && (begun || !bounded);
  }

  /** Discards the unread rest, and ends the connection if that takes too long. */
  public void discardRest() {
    if (!isThere() || request.isEnded()) {
      return;
    }
    long millis = Math.min(PATIENCE_FOR_WASTE.toMillis(), timeout.toMillis());
    long timer = loop.owner().setTimer(millis, id -> part());
    request.exceptionHandler(gone -> loop.owner().cancelTimer(timer));
    request.handler(part -> {});
    request.endHandler(end -> loop.owner().cancelTimer(timer));
    request.resume();
  }

  /** Closes the connection; on a shared HTTP/2 connection resets only this stream. */
  private void part() {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset().onFailure(gone -> {});
    } else {
      request.connection().close();
    }
  }
}
