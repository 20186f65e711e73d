package io.signalbox.hub.feed;

import io.signalbox.hub.http.QueryParams;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The id of the last event that an SSE client has seen. The standard uses the header {@code
 * Last-Event-ID}; EventSource polyfills that cannot set headers use query parameters of various
 * names. The header takes precedence: a browser's EventSource reconnects with its original URL,
 * whose parameter is outdated by then.
 */
final class LastEventId {
  private static final String HEADER = "Last-Event-ID";

  /**
   * Names used by event-source-polyfill, by Mercure's clients, after the header, and by amvtek's.
   */
  private static final Set<String> PARAMETERS =
      Set.of(
          "lastEventId",
          "lastEventID",
          "Last-Event-ID",
          "Last-Event-Id",
          "last-event-id",
          "last_event_id",
          "evs_last_event_id");

  private LastEventId() {}

  /** These parameters plus those of the id. */
  static Set<String> combine(Set<String> parameters) {
    Set<String> all = new HashSet<>(parameters);
    all.addAll(PARAMETERS);
    return Set.copyOf(all);
  }

  /** The id; null if there is none. */
  static @Nullable String of(HttpServerRequest request, QueryParams query) {
    String header = request.getHeader(HEADER);
    String id = header == null || header.isBlank() ? query.last(PARAMETERS) : header;
    return id == null || id.isBlank() ? null : id.strip();
  }
}
