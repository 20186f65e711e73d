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
 * Rate limiter for wrong keys. Every key is checked first, so that a correct key always passes:
 * behind a proxy or a NAT, one address is many clients.
 *
 * <p>After {@link #GUESSES} different wrong keys within a window, an address gets 429 for each
 * further one. Repeating a wrong key does not count again: a program with a stale key is not
 * guessing. A single wrong key gets 429 after {@link #TRIES_OF_A_KEY} attempts within a window,
 * from any address. IPv6 addresses count by /64, which is what one client is given.
 *
 * <p>Remembers a bounded number of the latest addresses and keys that failed. Threading: any
 * thread.
 */
public final class FailedAuthLimiter {
  /** Different wrong keys per address and window that get 401; further ones get 429. */
  public static final int GUESSES = 10;

  /** Attempts per wrong key and window that get 401; further ones get 429. */
  public static final int TRIES_OF_A_KEY = 60;

  /** Length of a window; it starts with the first failure. */
  public static final long WINDOW_MILLIS = 60_000;

  /** Most remembered addresses, and most remembered keys; the oldest are dropped first. */
  static final int REMEMBERED = 4_096;

  private static final int NETWORK_BYTES = 8;

  /** Failures since a point in time. */
  private static class Window {
    final long since;

    Window(long since) {
      this.since = since;
    }
  }

  /** The wrong keys of one address, each as 64 bits of its hash. */
  private static final class FailedAttempts extends Window {
    private long[] keys = {};

    FailedAttempts(long since) {
      super(since);
    }

    /** Whether the key is still answered with 401. */
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

  /** The number of attempts with one wrong key. */
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
   * @return the refusal to answer with: {@code wrong}, or {@code RATE_LIMITED}
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
        : tooFast("the key is wrong and was tried too often", tries, now);
  }

  private static Refusal tooFast(String why, Window window, long now) {
    int seconds = (int) Math.ceilDiv(window.since + WINDOW_MILLIS - now, 1_000);
    return new Refusal(ErrorCode.RATE_LIMITED, "%s; wait %d seconds".formatted(why, seconds))
        .retryIn(seconds);
  }

  /** The window of an address or key; a new one if the last has ended. */
  private static <K, W extends Window> W current(
      Map<K, W> windows, K of, long now, LongFunction<W> begin) {
    W known = windows.get(of);
    if (known != null && now - known.since < WINDOW_MILLIS) {
      return known;
    }
    // The map is ordered by start of the window, so the first entry is the oldest.
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
