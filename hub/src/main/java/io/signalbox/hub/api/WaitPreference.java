package io.signalbox.hub.api;

import io.signalbox.hub.http.EntityTags;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a request may be held, and which state the client already has: {@code wait=}, {@code
 * since=} and {@code If-None-Match} of a poll, {@code Prefer: wait=} of a submit (RFC 7240).
 *
 * @param time zero for not at all
 * @param seen entity tags (versions) or a state; null for the state on arrival
 */
record WaitPreference(Duration time, @Nullable List<String> seen) {
  private static final int MAX_SECONDS = 60;
  private static final int LATEST_SECONDS = 5;
  private static final Pattern PREFERRED =
      Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,9})\"?");

  /** Entity tag of a command or a job. */
  static final Pattern VERSION = Pattern.compile("(\\d{1,18})");

  /**
   * The preference of a poll for a resource with these states. Throws INVALID if {@code since} is
   * neither a state nor a tag.
   */
  static <E extends Enum<E>> WaitPreference ofPoll(ApiRequest call, Class<E> states) {
    int seconds = call.query().number("wait", 0, MAX_SECONDS, 0);
    String since = call.query().text("since");
    return new WaitPreference(
        Duration.ofSeconds(seconds), since == null ? tags(call) : List.of(since(since, states)));
  }

  // Preferences that are too long are capped, not refused.
  static WaitPreference preferred(ApiRequest call) {
    String prefer = call.header("Prefer");
    Matcher wait = PREFERRED.matcher(prefer == null ? "" : prefer);
    int seconds = wait.find() ? Math.min(MAX_SECONDS, Integer.parseInt(wait.group(1))) : 0;
    return new WaitPreference(Duration.ofSeconds(seconds), null);
  }

  private static @Nullable List<String> tags(ApiRequest call) {
    EntityTags known = EntityTags.of(call.request(), "If-None-Match");
    return known == null || known.any() ? null : known.values();
  }

  private static <E extends Enum<E>> String since(String since, Class<E> states) {
    EntityTags tags = EntityTags.of(since);
    if (tags.values().size() == 1 && VERSION.matcher(tags.values().getFirst()).matches()) {
      return tags.values().getFirst();
    }
    QueryParams.constant("since", since.strip(), states);
    return since.strip();
  }

  /** Whether a request asks to be held, by {@code wait} or {@code Prefer}. */
  static boolean isRequested(ApiRequest call) {
    return call.query().text("wait") != null || !preferred(call).isNone();
  }

  /** Seconds until a client should return to a restarting hub, randomized. */
  static int retryAfterSeconds() {
    return ThreadLocalRandom.current().nextInt(1, LATEST_SECONDS + 1);
  }

  /** Whether the client wants an immediate response. */
  boolean isNone() {
    return time.isZero();
  }

  /** Whether the client already has this version and state. */
  boolean knows(long version, Enum<?> state) {
    return seen == null
        || seen.contains(Long.toString(version))
        || seen.contains(ApiJson.word(state));
  }

  /**
   * The outcome of a wait, on the event loop of the connection. The wait is cancelled if the client
   * disconnects.
   */
  static <T> Future<T> outcome(ApiRequest call, HeldRequest<T> wait) {
    call.onClientGone(wait::cancel);
    return call.onLoop(wait.outcome());
  }

  /** Adds {@code Preference-Applied} if the request preferred to wait (RFC 7240, section 3). */
  Response applied(Response answer) {
    return isNone() ? answer : answer.with("Preference-Applied", "wait=" + time.toSeconds());
  }
}
