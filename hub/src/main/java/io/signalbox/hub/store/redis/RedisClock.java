package io.signalbox.hub.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/**
 * The wall clock that all nodes of a system share: that of Redis. It is asked once per second;
 * between two answers, and while Redis is away, this machine's monotonic clock goes on with the
 * last offset. On Redis Cluster it is the clock of the node with the {@code global} keys.
 *
 * <p>Threading: {@link #millis} on any thread; the rest on the link's event loop.
 */
public final class RedisClock {
  private static final long PERIOD_MILLIS = 1_000;
  private static final int FIRST_SAMPLES = 3;
  private static final int FIRST_ATTEMPTS = 20;

  private final Vertx vertx;
  private final RedisLink link;
  private final String key;
  private final ClockSamples samples = new ClockSamples();
  private volatile long offset;
  private boolean asking;
  private long timer;

  private RedisClock(Vertx vertx, RedisLink link, String key) {
    this.vertx = vertx;
    this.link = link;
    this.key = key;
  }

  /** A clock that has asked Redis already. Fails if the answers take too long to be of use. */
  public static Future<RedisClock> open(Vertx vertx, RedisLink link, RedisKeys keys) {
    RedisClock clock = new RedisClock(vertx, link, keys.global("clock"));
    return clock
        .begin(FIRST_SAMPLES, FIRST_ATTEMPTS)
        .onSuccess(ready -> clock.timer = vertx.setPeriodic(PERIOD_MILLIS, id -> clock.askAgain()))
        .map(clock);
  }

  private Future<Void> begin(int samplesLeft, int attemptsLeft) {
    if (samplesLeft == 0) {
      return Future.succeededFuture();
    }
    if (attemptsLeft == 0) {
      return Future.failedFuture(
          new IllegalStateException("the clock of Redis cannot be read: it answers too slowly"));
    }
    return ask().compose(used -> begin(used ? samplesLeft - 1 : samplesLeft, attemptsLeft - 1));
  }

  private Future<Boolean> ask() {
    long asked = System.nanoTime();
    Request time = Request.cmd(Command.EVAL).arg("return redis.call('TIME')").arg(1).arg(key);
    return link.ask(time).map(reply -> learn(asked, reply));
  }

  private boolean learn(long asked, Response reply) {
    long micros = reply.get(0).toLong() * 1_000_000 + reply.get(1).toLong();
    boolean used = samples.add(asked, System.nanoTime(), micros * 1_000);
    if (used) {
      offset = samples.offset();
    }
    return used;
  }

  private void askAgain() {
    if (!asking) {
      asking = true;
      // While Redis is away the last offset stays; the link reports the failure.
      ask().onComplete(done -> asking = false);
    }
  }

  /** The time of Redis, Unix milliseconds. */
  public long millis() {
    return (System.nanoTime() + offset) / 1_000_000;
  }

  /** Stops asking. */
  public void close() {
    vertx.cancelTimer(timer);
  }
}
