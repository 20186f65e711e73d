package io.signalbox.hub.http.auth;

import io.netty.util.NetUtil;
import io.signalbox.hub.clock.MonotonicClock;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Slows down who shows wrong keys. Every key is checked first, so that a right one is let in
 * whatever came from its address before: behind a proxy or a NAT, an address is many clients.
 *
 * <p>An address that has shown {@link #GUESSES} different wrong keys within a window is told 429
 * for each further one. A key that it has shown before is not a further one: a program that repeats
 * a stale key is broken, not guessing. That key itself is told 429 when it was tried {@link
 * #TRIES_OF_A_KEY} times within a window, from wherever. Of IPv6 the network counts (/64), which is
 * what one client is given.
 *
 * <p>Remembers the addresses and keys that failed last, a bounded number of each. Threading: any
 * thread.
 */
public final class FailedAuthLimiter {
  /** Different wrong keys of one address within a window that are answered 401. */
  public static final int GUESSES = 10;

  /** Tries of one wrong key within a window that are answered 401. */
  public static final int TRIES_OF_A_KEY = 60;

  /** How long failures are remembered, from the first one on. */
  public static final long WINDOW_MILLIS = 60_000;

  /** Most addresses and most keys that are remembered; the oldest go first. */
  static final int REMEMBERED = 4_096;

  private static final int NETWORK_BYTES = 8;

  /** What failed since a moment. */
  private static class Window {
    final long since;

    Window(long since) {
      this.since = since;
    }
  }

  /** The wrong keys of one address; of each, 64 bits of its hash. */
  private static final class FailedAttempts extends Window {
    private long[] keys = {};

    FailedAttempts(long since) {
      super(since);
    }

    /** Whether the key is among those that are answered 401. */
    boolean admits(long key) {
      if (Arrays.stream(keys).anyMatch(known -> known == key)) {
        return true;
      }
      if (keys.length == GUESSES) {
        return false;
      }
      keys = Arrays.copyOf(keys, keys.length + 1);
      keys[keys.length - 1] = key;
      return true;
    }
  }

  /** How often one wrong key was tried. */
  private static final class KeyAttempts extends Window {
    private int count;

    KeyAttempts(long since) {
      super(since);
    }

    boolean admitsOneMore() {
      return count < TRIES_OF_A_KEY && ++count > 0;
    }
  }

  private final MonotonicClock clock;
  private final Map<String, FailedAttempts> byAddress = new LinkedHashMap<>();
  private final Map<Long, KeyAttempts> byKey = new LinkedHashMap<>();

  FailedAuthLimiter(MonotonicClock clock) {
    this.clock = clock;
  }

  /**
   * Counts a wrong key of an address.
   *
   * @param wrong the refusal of the key
   * @return what to answer: that refusal, or {@code TOO_FAST}
   */
  Refusal refuse(String address, String key, Refusal wrong) {
    return refuse(network(address), KeyHash.of(key).a(), wrong);
  }

  private synchronized Refusal refuse(String network, long hash, Refusal wrong) {
    long now = clock.monotonicMillis();
    FailedAttempts guesses = current(byAddress, network, now, FailedAttempts::new);
    if (!guesses.admits(hash)) {
      return tooFast("too many different wrong keys from this address", guesses, now);
    }
    KeyAttempts tries = current(byKey, hash, now, KeyAttempts::new);
    return tries.admitsOneMore()
        ? wrong
        : tooFast("the key is wrong, and was tried too often", tries, now);
  }

  private static Refusal tooFast(String why, Window window, long now) {
    int seconds = (int) Math.ceilDiv(window.since + WINDOW_MILLIS - now, 1_000);
    return new Refusal(ErrorCode.TOO_FAST, "%s; wait %d seconds".formatted(why, seconds))
        .retryIn(seconds);
  }

  /** The window of one address or key: a new one, when the last one is over. */
  private static <K, W extends Window> W current(
      Map<K, W> windows, K of, long now, LongFunction<W> begin) {
    W known = windows.get(of);
    if (known != null && now - known.since < WINDOW_MILLIS) {
      return known;
    }
    // The order is that of the beginnings: the oldest window is the first.
    windows.remove(of);
    if (windows.size() == REMEMBERED) {
      windows.remove(windows.keySet().iterator().next());
    }
    W fresh = begin.apply(now);
    windows.put(of, fresh);
    return fresh;
  }

  private static String network(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return bytes == null || bytes.length == 4
        ? address
        : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES);
  }
}
