package io.signalbox.hub.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a request's body, drawn as fast as they are wanted: while nobody asks, the socket is
 * not read. Empty lines are skipped; of a line that is too long only its beginning is kept, one
 * byte more than the limit, so that the reader can tell.
 *
 * <p>Threading: the event loop of the connection; one draw at a time.
 */
public final class LineReader {
  private final HttpServerRequest request;
  private final Context loop;
  private final Duration timeout;
  private final long limit;
  private final int lineLimit;
  private final List<Line> ready = new ArrayList<>();
  private Buffer open = Buffer.buffer();
  private int number = 1;
  private long read;
  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable Promise<List<Line>> wanted;

  /**
   * A line of the body.
   *
   * @param number counted from 1
   */
  public record Line(int number, Buffer bytes) {}

  public LineReader(
      HttpServerRequest request, Context loop, Duration timeout, long limit, int lineLimit) {
    this.request = request;
    this.loop = loop;
    this.timeout = timeout;
    this.limit = limit;
    this.lineLimit = lineLimit;
  }

  /** Takes over the request, which is paused. */
  public void attach() {
    request.handler(this::take);
    request.endHandler(last -> end());
    request.exceptionHandler(this::fail);
  }

  /** The next lines, as many as one read of the socket gives; none at the end. */
  public Future<List<Line>> next() {
    Promise<List<Line>> promise = Promise.promise();
    wanted = promise;
    serve();
    if (promise.future().isComplete()) {
      return promise.future();
    }
    long timer = loop.owner().setTimer(timeout.toMillis(), id -> fail(RequestBody.tooSlow()));
    request.fetch(1);
    return promise.future().onComplete(done -> loop.owner().cancelTimer(timer));
  }

  private void take(Buffer part) {
    read += part.length();
    if (read > limit) {
      fail(RequestBody.tooLarge(limit));
      return;
    }
    int start = 0;
    for (int i = 0; i < part.length(); i++) {
      if (part.getByte(i) == '\n') {
        append(part, start, i);
        closeLine();
        start = i + 1;
      }
    }
    append(part, start, part.length());
    serve();
    if (wanted != null) {
      request.fetch(1);
    }
  }

  private void append(Buffer part, int start, int end) {
    int room = lineLimit + 1 - open.length();
    open.appendBuffer(part, start, Math.min(end - start, room));
  }

  private void closeLine() {
    if (!open.toString().isBlank()) {
      ready.add(new Line(number, open));
    }
    open = Buffer.buffer();
    number++;
  }

  /** There is no more to come. */
  public void end() {
    closeLine();
    ended = true;
    serve();
  }

  private void fail(Throwable why) {
    failure = why;
    serve();
  }

  private void serve() {
    Promise<List<Line>> waiting = wanted;
    if (waiting == null) {
      return;
    }
    if (!ready.isEmpty() || ended) {
      wanted = null;
      List<Line> lines = List.copyOf(ready);
      ready.clear();
      waiting.complete(lines);
    } else if (failure != null) {
      wanted = null;
      waiting.fail(failure);
    }
  }
}
