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
 * versions and hashes: one names one state, whatever its bytes. So tags are compared by what they
 * say, also those that a compressing proxy has changed on the way: made weak ({@code W/"7"}, as
 * nginx and HAProxy do) or given the encoding's name ({@code "7-gzip"}, as Apache and Caddy do).
 *
 * @param any whether the header is {@code *}
 * @param values what the tags say, as {@code 3-17}
 * @param wellFormed whether there is nothing else in the header
 */
public record EntityTags(boolean any, List<String> values, boolean wellFormed) {
  private static final String ENCODED = "(?:-(?:gzip|br|zstd|deflate))?";

  /** A tag, or digits and dashes that somebody has forgotten to quote. */
  private static final Pattern TAG =
      Pattern.compile(
          "\\s*(?:W/)?(?:\"([^\"]*?)%1$s\"|([0-9-]+?)%1$s)\\s*(?:,|$)".formatted(ENCODED));

  /** The tags of a header; null if the request does not have it. */
  public static @Nullable EntityTags of(HttpServerRequest request, String header) {
    List<String> lines = request.headers().getAll(header);
    return lines.isEmpty() ? null : of(String.join(",", lines));
  }

  /** The tags of a header's value. */
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

  /** Whether the state with that tag is among them. */
  public boolean match(String tag) {
    return any || values.contains(tag);
  }
}
