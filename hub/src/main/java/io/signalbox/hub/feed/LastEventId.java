package io.signalbox.hub.feed;

import io.signalbox.hub.http.QueryParams;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The id of the last event that a client of a stream has seen. The header {@code Last-Event-ID} is
 * the standard's; stand-ins for {@code TestEventSource} that must not set headers put it into the
 * query, under names of their own. Where both are there the header counts: a browser's own {@code
 * TestEventSource} reconnects by the URL that it was made with, whose parameter is old by then.
 */
final class LastEventId {
  private static final String HEADER = "Last-Event-ID";

  /** By event-source-polyfill, Mercure's clients, those set to the header's name, and amvtek's. */
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

  /** These parameters and those that stand for the id. */
  static Set<String> combine(Set<String> parameters) {
    Set<String> all = new HashSet<>(parameters);
    all.addAll(PARAMETERS);
    return Set.copyOf(all);
  }

  /** The id; null if the client has seen none. */
  static @Nullable String of(HttpServerRequest request, QueryParams query) {
    String header = request.getHeader(HEADER);
    String id = header == null || header.isBlank() ? query.last(PARAMETERS) : header;
    return id == null || id.isBlank() ? null : id.strip();
  }
}
