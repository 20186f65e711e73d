package io.signalbox.hub.http;

import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates {@code If-Match} and {@code If-None-Match} of requests that change something (RFC 9110,
 * 13.1). Stateless.
 */
public final class Preconditions {
  private static final String IF_MATCH = "If-Match";
  private static final String IF_NONE_MATCH = "If-None-Match";

  private Preconditions() {}

  /**
   * The precondition of a request. Throws {@code INVALID} if a header is not a list of entity tags.
   * A tag that does not fit the pattern matches nothing.
   *
   * @param tag pattern of the resource's tags; its first group is the version
   * @param example a tag of the resource, for the error message
   */
  public static Precondition of(HttpServerRequest request, Pattern tag, String example) {
    EntityTags match = tags(request, IF_MATCH, example);
    EntityTags noneMatch = tags(request, IF_NONE_MATCH, example);
    if (match == null && noneMatch == null) {
      return Precondition.NONE;
    }
    return new Precondition(
        match == null || match.any() ? null : versions(match, tag),
        noneMatch == null ? Set.of() : versions(noneMatch, tag),
        noneMatch != null && noneMatch.any(),
        match != null);
  }

  private static @Nullable EntityTags tags(
      HttpServerRequest request, String header, String example) {
    EntityTags tags = EntityTags.of(request, header);
    if (tags != null && !tags.wellFormed()) {
      throw new Refusal(
          ErrorCode.INVALID,
          header,
          "%s must be * or a list of ETags like \"%s\"".formatted(header, example));
    }
    return tags;
  }

  private static Set<Long> versions(EntityTags tags, Pattern tag) {
    return tags.values().stream()
        .map(tag::matcher)
        .filter(Matcher::matches)
        .map(version -> Long.valueOf(Objects.requireNonNull(version.group(1))))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Throws {@code PRECONDITION_FAILED} for a conditional request to a resource without an entity
   * tag: no tag can match. {@code If-Match: *} passes, and {@code If-None-Match: *} passes where
   * the request creates something.
   */
  public static void checkUntagged(HttpServerRequest request) {
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      return;
    }
    EntityTags match = EntityTags.of(request, IF_MATCH);
    if (match != null && !match.any()) {
      throw failed(request, "If-Match must be *");
    }
    EntityTags noneMatch = EntityTags.of(request, IF_NONE_MATCH);
    if (noneMatch != null && noneMatch.any() && !method.equals(HttpMethod.POST)) {
      throw failed(request, "If-None-Match: * fails, because it may exist");
    }
  }

  private static Refusal failed(HttpServerRequest request, String fault) {
    return new Refusal(
        ErrorCode.PRECONDITION_FAILED, "%s has no ETag: %s".formatted(request.path(), fault));
  }

  /** Whether the preconditions of a read allow a response with this tag. */
  static boolean admit(HttpServerRequest request, String tag) {
    EntityTags match = EntityTags.of(request, IF_MATCH);
    return match == null || match.match(tag);
  }
}
