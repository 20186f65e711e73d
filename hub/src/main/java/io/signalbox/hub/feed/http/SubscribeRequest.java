package io.signalbox.hub.feed.http;

import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.StreamFrameCodec;
import io.signalbox.hub.wire.StreamMessage;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions of an HTTP request: one in the query of a GET, several in the body of a POST.
 *
 * @param wanted the subscriptions
 * @param named whether the client has given them ids, which their events then contain
 * @param waitSeconds longest time to hold a poll
 * @param limit most events in the response of a poll
 */
record SubscribeRequest(
    List<StreamMessage.Subscribe> wanted, boolean named, int waitSeconds, int limit) {
  private static final int LONGEST_WAIT = 60;
  private static final int USUAL_LIMIT = 1_000;
  private static final int MOST_LIMIT = 10_000;
  private static final Set<String> OF_SUBSCRIPTION =
      Set.of("type", "id", "topics", "devices", "labels", "metrics", "rate", "after");

  /** Query parameters of the stream. */
  static final Set<String> OF_STREAM =
      Set.of("topics", "device", "label", "metric", "rate", "after");

  /** Query parameters of the poll. */
  static final Set<String> OF_POLL =
      Set.of("topics", "device", "label", "metric", "rate", "cursor", "wait", "limit");

  private static final String LAST_EVENT_ID = "Last-Event-ID";

  /**
   * The query parameters of EventSource polyfills that cannot set the header: those of
   * event-source-polyfill, of Mercure's clients, after the header, and of amvtek's.
   */
  private static final Set<String> LAST_EVENT_ID_PARAMETERS =
      Set.of(
          "lastEventId",
          "lastEventID",
          "Last-Event-ID",
          "Last-Event-Id",
          "last-event-id",
          "last_event_id",
          "evs_last_event_id");

  /** These query parameters and those of the last event's id. */
  static Set<String> withLastEventId(Set<String> parameters) {
    Set<String> all = new HashSet<>(parameters);
    all.addAll(LAST_EVENT_ID_PARAMETERS);
    return Set.copyOf(all);
  }

  /**
   * The id of the last event that a reconnecting SSE client has seen; null if there is none. The
   * header takes precedence: a browser's EventSource reconnects with its original URL, whose
   * parameter is outdated by then.
   */
  static @Nullable String lastEventId(HttpServerRequest request, QueryParams query) {
    String header = request.getHeader(LAST_EVENT_ID);
    String id = header == null || header.isBlank() ? query.last(LAST_EVENT_ID_PARAMETERS) : header;
    return id == null || id.isBlank() ? null : id.strip();
  }

  /** Reads the query of a GET. */
  static SubscribeRequest of(QueryParams query, @Nullable String after) {
    Set<String> topics = new LinkedHashSet<>();
    query.all("topics").forEach(value -> topics.addAll(Arrays.asList(value.split(",", -1))));
    StreamMessage.Subscribe subscription =
        new StreamMessage.Subscribe(
            StreamMessage.NO_ID,
            topics,
            new LinkedHashSet<>(query.all("device")),
            labels(query),
            new LinkedHashSet<>(query.all("metric")),
            rate(query.text("rate")),
            after);
    return new SubscribeRequest(
        List.of(subscription),
        false,
        query.number("wait", 0, LONGEST_WAIT, 0),
        query.number("limit", 1, MOST_LIMIT, USUAL_LIMIT));
  }

  private static Map<String, String> labels(QueryParams query) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : query.all("label")) {
      String[] parts = label.split("[:=]", 2);
      if (parts.length < 2 || parts[0].isEmpty()) {
        throw QueryParams.invalid("label", "label must be name:value, for example site:ghent");
      }
      labels.put(parts[0], parts[1]);
    }
    return labels;
  }

  private static double rate(@Nullable String text) {
    try {
      return text == null ? 0 : StreamFrameCodec.rate(Double.parseDouble(text));
    } catch (NumberFormatException notANumber) {
      return StreamFrameCodec.rate(0);
    }
  }

  /**
   * Reads the body of a POST.
   *
   * @param cursorField name of the field with the default cursor
   * @param most most subscriptions
   */
  static SubscribeRequest of(Json tree, Set<String> known, String cursorField, int most) {
    JsonObject body = object(tree, known, "");
    List<Json> subscriptions =
        body.member("subscribe") instanceof JsonArray array ? array.elements() : List.of();
    if (subscriptions.isEmpty() || subscriptions.size() > most) {
      throw invalid("subscribe", "subscribe must be an array of 1 to " + most + " subscriptions");
    }
    String after = text(body, cursorField);
    List<StreamMessage.Subscribe> wanted = new ArrayList<>();
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < subscriptions.size(); i++) {
      StreamMessage.Subscribe one = subscription(subscriptions.get(i), i);
      if (!ids.add(one.id())) {
        String field = "subscribe[" + i + "].id";
        throw invalid(field, field + " must be unique; another subscription has it");
      }
      wanted.add(one.after() == null ? one.resumedAfter(after) : one);
    }
    return new SubscribeRequest(
        wanted,
        true,
        number(body, "wait", 0, LONGEST_WAIT, 0),
        number(body, "limit", 1, MOST_LIMIT, USUAL_LIMIT));
  }

  private static StreamMessage.Subscribe subscription(Json tree, int index) {
    JsonObject subscription = object(tree, OF_SUBSCRIPTION, "subscribe[" + index + "].");
    try {
      return StreamFrameCodec.subscribe(subscription);
    } catch (Refusal refusal) {
      throw below(index, refusal);
    }
  }

  /** The same refusal with the path of the subscription in the body. */
  static Refusal below(int index, Refusal refusal) {
    String path = "subscribe[" + index + "]";
    String field = refusal.field() == null ? path : path + "." + refusal.field();
    return new Refusal(refusal.kind(), field, path + ": " + refusal.detail());
  }

  /** The object at a path, which may have only these fields. */
  private static JsonObject object(Json tree, Set<String> known, String path) {
    if (!(tree instanceof JsonObject object)) {
      throw new Refusal(
          ErrorCode.INVALID, (path.isEmpty() ? "the body" : path) + " must be an object");
    }
    for (String name : object.members().keySet()) {
      if (!known.contains(name)) {
        throw invalid(path + name, "unknown field '" + path + name + "'");
      }
    }
    return object;
  }

  private static @Nullable String text(JsonObject body, String field) {
    Json text = body.member(field);
    if (text == null) {
      return null;
    }
    if (text instanceof Scalar scalar && scalar.isString()) {
      return scalar.string();
    }
    throw invalid(field, field + " must be a string");
  }

  private static int number(JsonObject body, String field, int min, int max, int otherwise) {
    Json value = body.member(field);
    if (value == null) {
      return otherwise;
    }
    Long number = value instanceof Scalar scalar ? scalar.integer() : null;
    if (number == null || number < min || number > max) {
      throw invalid(field, field + " must be a whole number from " + min + " to " + max);
    }
    return number.intValue();
  }

  private static Refusal invalid(String field, String detail) {
    return new Refusal(ErrorCode.INVALID, field, detail);
  }

  /** A copy that resumes from a cursor, if there is one: a reconnecting stream has a later one. */
  SubscribeRequest resumedAfter(@Nullable String cursor) {
    return cursor == null
        ? this
        : new SubscribeRequest(
            wanted.stream().map(one -> one.resumedAfter(cursor)).toList(),
            named,
            waitSeconds,
            limit);
  }
}
