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
 * Client that creates commands over persistent connections and measures round trips, either at a
 * constant rate or with a fixed number unanswered.
 *
 * <p>Threading: may be used by any thread; requests run on one event loop.
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
  private volatile String problem = "";
  private volatile boolean going = true;
  private IntConsumer creating = device -> {};

  /**
   * Creates a client that sends commands to the registered devices in turn.
   *
   * @param waitSeconds how long the hub may hold each response until the command has ended; 0 for
   *     an immediate response
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

  /** Sets a listener for the device number before each command is created. */
  CommandClient whenCreating(IntConsumer listener) {
    creating = listener;
    return this;
  }

  /** Creates commands at a constant rate until closed. */
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

  /** Keeps a number of requests unanswered until closed. */
  void flood(int unanswered) {
    flood(unanswered, Long.MAX_VALUE);
  }

  /** Creates {@code total} commands with a number unanswered at a time; completes with the last. */
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
    creating.accept(device);
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
        .onFailure(fault -> problem = fault.toString());
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

  /** The last error; empty if none. */
  String problem() {
    return problem;
  }

  /** Stops creating commands. */
  void stop() {
    going = false;
  }

  @Override
  public void close() {
    stop();
    client.close().await();
  }
}
