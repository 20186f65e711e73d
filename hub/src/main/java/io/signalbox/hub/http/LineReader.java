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
 * Reads the body of a request line by line, on demand: while no line is asked for, the socket is
 * not read. Empty lines are skipped. Of a line over the limit only limit + 1 bytes are kept, so
 * that the caller can detect it.
 *
 * <p>Threading: the event loop of the connection; one {@link #next} at a time.
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

  /** Attaches to the request, which is paused. */
  public void attach() {
    request.handler(this::take);
    request.endHandler(last -> end());
    request.exceptionHandler(this::fail);
  }

  /** The lines that the next socket read completes; an empty list at the end. */
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

  /** Ends the body. */
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
