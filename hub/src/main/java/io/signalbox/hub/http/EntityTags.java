package io.signalbox.hub.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entity tags of {@code If-Match} or {@code If-None-Match} (RFC 9110, 13.1). The hub's tags are
 * versions and hashes, so one tag names one state in every encoding. Tags are therefore compared by
 * value, even if a compressing proxy has made them weak ({@code W/"7"}, as nginx and HAProxy do) or
 * added the encoding ({@code "7-gzip"}, as Apache and Caddy do).
 *
 * @param any whether the header is {@code *}
 * @param values the tags without quotes, for example {@code 3-17}
 * @param wellFormed whether the whole header could be parsed
 */
public record EntityTags(boolean any, List<String> values, boolean wellFormed) {
  private static final String ENCODED = "(?:-(?:gzip|br|zstd|deflate))?";

  /** A quoted tag, or digits and dashes without the quotes. */
  private static final Pattern TAG =
      Pattern.compile(
          "\\s*(?:W/)?(?:\"([^\"]*?)%1$s\"|([0-9-]+?)%1$s)\\s*(?:,|$)".formatted(ENCODED));

  /** The tags of a header; null if the request does not have the header. */
  public static @Nullable EntityTags of(HttpServerRequest request, String header) {
    List<String> lines = request.headers().getAll(header);
    return lines.isEmpty() ? null : of(String.join(",", lines));
  }

  /** Parses a header value. */
  public static EntityTags of(String header) {
    if (header.strip().equals("*")) {
      return new EntityTags(true, List.of(), true);
    }
    Matcher tags = TAG.matcher(header);
    Stream.Builder<String> values = Stream.builder();
    int end = 0;
    while (end < header.length() && tags.region(end, header.length()).lookingAt()) {
      values.add(tags.group(1) == null ? Objects.requireNonNull(tags.group(2)) : tags.group(1));
      end = tags.end();
    }
    List<String> found = values.build().toList();
    return new EntityTags(false, found, end == header.length() && !found.isEmpty());
  }

  /** Whether the tags include this one. */
  public boolean match(String tag) {
    return any || values.contains(tag);
  }
}
