package io.signalbox.hub.api;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.http.HeaderText;
import io.signalbox.hub.http.HttpExchange;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.RequestBody;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.StrictJson;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated API request, as endpoints see it.
 *
 * <p>Threading: the event loop of the connection, except for plain data.
 */
final class ApiRequest {
  /** Limit of a body, in bytes, unless an endpoint has its own. */
  static final long BODY_LIMIT = 1024 * 1024L;

  private static final int DEFAULT_PAGE_LIMIT = 100;
  private static final int MAX_PAGE_LIMIT = 1_000;

  private final HttpExchange exchange;
  private final Map<String, String> path;
  private final QueryParams query;
  private final String type;
  private final @Nullable Principal principal;

  ApiRequest(
      HttpExchange exchange,
      Map<String, String> path,
      QueryParams query,
      String type,
      @Nullable Principal principal) {
    this.exchange = exchange;
    this.path = path;
    this.query = query;
    this.type = type;
    this.principal = principal;
  }

  /**
   * Target of a request.
   *
   * @param path path parameters
   * @param uri request URI with its query
   */
  record Target(Map<String, String> path, String uri) {
    static Target of(RoutingContext context) {
      return new Target(Map.copyOf(context.pathParams()), context.request().uri());
    }
  }

  HttpServerRequest request() {
    return exchange.request();
  }

  /** A path parameter. */
  String path(String name) {
    return Objects.requireNonNull(path.get(name));
  }

  QueryParams query() {
    return query;
  }

  /** Maximum number of items of a page. */
  int pageLimit() {
    return query.number("limit", 1, MAX_PAGE_LIMIT, DEFAULT_PAGE_LIMIT);
  }

  /** The authenticated caller. Not for public endpoints. */
  Principal principal() {
    return Objects.requireNonNull(principal, "a public endpoint has no principal");
  }

  @Nullable String header(String name) {
    return exchange.request().getHeader(name);
  }

  /** A header with free text in UTF-8 (RFC 9110, 5.5); null if it is missing. */
  @Nullable String headerText(String name) {
    String latin1 = header(name);
    return latin1 == null ? null : HeaderText.utf8(name, latin1);
  }

  /** The media type that the client prefers among those of the endpoint. */
  String type() {
    return type;
  }

  RequestBody body() {
    return exchange.body();
  }

  /** Reads the body as JSON. */
  Future<Json> json() {
    return json(BODY_LIMIT);
  }

  /** Reads a body of at most so many bytes as JSON. */
  Future<Json> json(long limit) {
    requireType(Response.JSON);
    return body().read(limit).compose(this::parsed);
  }

  /** The JSON of a body. */
  Future<Json> parsed(Buffer text) {
    return exchange.parsed(text);
  }

  /** Reads the body as a merge patch (RFC 7396). */
  Future<Json> mergePatch() {
    requireType("application/merge-patch+json", Response.JSON);
    return body().read(BODY_LIMIT).compose(this::parsed);
  }

  /** The same as text, where numbers must stay as written. */
  Future<String> mergePatchText() {
    requireType("application/merge-patch+json", Response.JSON);
    return body().read(BODY_LIMIT).map(StrictJson::text);
  }

  /** Throws UNSUPPORTED_MEDIA unless the body has one of these types and is plain UTF-8. */
  void requireType(String... types) {
    body().needType(types);
  }

  /** Runs the step if the client disconnects before the response is written. */
  void onClientGone(Runnable step) {
    exchange.onClientGone(step);
  }

  /**
   * 200 with a document made from a store's result. It is serialized on a worker thread, because a
   * page can be long, and neither the store's threads nor the event loop should wait for it.
   */
  <T> Future<Response> document(Future<T> result, Function<T, JsonWritable> document) {
    return onLoop(result)
        .compose(
            found ->
                exchange.loop().executeBlocking(() -> Response.ok(document.apply(found)), false));
  }

  /** Completes with the same result, on the event loop of the connection. */
  <T> Future<T> onLoop(Future<T> result) {
    return exchange.onLoop(result);
  }
}
