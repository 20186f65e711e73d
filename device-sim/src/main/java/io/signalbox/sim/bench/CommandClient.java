package io.signalbox.sim.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A program that gives commands over kept-alive connections and takes the time until it has each
 * answer: at a steady pace, or the next as soon as one is answered.
 *
 * <p>Threading: made and asked by any thread; requests are made on one event loop.
 */
final class CommandClient implements AutoCloseable {
  private static final int CONNECTIONS = 64;
  private static final long TICK_MILLIS = 1;
  private static final long LONGEST_MICROS = 60_000_000;
  private static final String SUCCEEDED = "\"state\":\"succeeded\"";
  private static final Buffer BODY =
      Buffer.buffer("{\"name\":\"identify\",\"params\":{\"blink\":3},\"ttl\":600}");

  private final Vertx vertx;
  private final Context loop;
  private final HttpClient client;
  private final URI hub;
  private final int devices;
  private final int waitSeconds;
  private final Recorder roundTrips = new Recorder(LONGEST_MICROS, 3);
  private long given;
  private long answered;
  private volatile String trouble = "";
  private volatile boolean going = true;
  private IntConsumer giving = device -> {};

  /**
   * A program that gives commands to the devices of the venue in turn.
   *
   * @param waitSeconds how long the hub may hold each answer until the command has ended; 0 for the
   *     token at once
   */
  CommandClient(Vertx vertx, URI hub, int devices, int waitSeconds) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    this.hub = hub;
    this.devices = devices;
    this.waitSeconds = waitSeconds;
  }

  /** Tells whoever listens the number of each device just before a command is given to it. */
  CommandClient whenGiving(IntConsumer listener) {
    giving = listener;
    return this;
  }

  /** Gives so many a second until it is stopped. */
  void pace(int perSecond) {
    loop.runOnContext(begin -> pace(perSecond, System.nanoTime()));
  }

  private void pace(int perSecond, long started) {
    long[] done = {0};
    vertx.setPeriodic(
        TICK_MILLIS,
        timer -> {
          long due = (System.nanoTime() - started) * perSecond / 1_000_000_000L;
          for (; going && done[0] < due; done[0]++) {
            give();
          }
          if (!going) {
            vertx.cancelTimer(timer);
          }
        });
  }

  /** Keeps so many unanswered until it is stopped. */
  void flood(int unanswered) {
    flood(unanswered, Long.MAX_VALUE);
  }

  /** Gives {@code total} commands, some of them unanswered at a time; completes with the last. */
  Future<Void> flood(int unanswered, long total) {
    Promise<Void> over = Promise.promise();
    loop.runOnContext(
        begin -> {
          for (int i = 0; i < unanswered; i++) {
            next(total, over);
          }
        });
    return over.future();
  }

  private void next(long total, Promise<Void> over) {
    if (answered >= total) {
      over.tryComplete();
    } else if (going && given < total) {
      give().onSuccess(more -> next(total, over)).onFailure(over::tryFail);
    }
  }

  private Future<Void> give() {
    int device = (int) (given++ % devices);
    giving.accept(device);
    long from = System.nanoTime();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(hub.getHost())
            .setPort(hub.getPort())
            .setURI("/api/v1/devices/" + BenchEnvironment.device(device) + "/commands")
            .putHeader("Authorization", "Bearer " + BenchEnvironment.API_KEY)
            .putHeader("Content-Type", "application/json");
    if (waitSeconds > 0) {
      options.putHeader("Prefer", "wait=" + waitSeconds);
    }
    return client
        .request(options)
        .compose(request -> request.send(BODY))
        .compose(response -> response.body().map(body -> answer(response, body, from)))
        .onFailure(fault -> trouble = fault.toString());
  }

  private @Nullable Void answer(HttpClientResponse response, Buffer body, long from) {
    long micros = (System.nanoTime() - from) / 1000;
    boolean asWished =
        waitSeconds == 0
            ? response.statusCode() == 202
            : response.statusCode() == 200 && body.toString().contains(SUCCEEDED);
    if (!asWished) {
      throw new IllegalStateException("HTTP " + response.statusCode() + ": " + body);
    }
    roundTrips.recordValue(Math.min(micros, LONGEST_MICROS));
    answered++;
    return null;
  }

  /** Round trips since the last call, in microseconds. */
  Histogram roundTrips() {
    return roundTrips.getIntervalHistogram();
  }

  /** What went wrong last; empty if nothing has. */
  String trouble() {
    return trouble;
  }

  /** Gives no more. */
  void stop() {
    going = false;
  }

  @Override
  public void close() {
    stop();
    client.close().await();
  }
}
