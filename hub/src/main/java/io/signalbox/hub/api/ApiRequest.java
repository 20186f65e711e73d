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
 * One request that was let in, as the endpoints see it.
 *
 * <p>Threading: the event loop of the connection, but for what is plain data.
 */
final class ApiRequest {
  /** Most bytes of a body, unless an endpoint says otherwise. */
  static final long BODY_LIMIT = 1024 * 1024L;

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
   * What a call is aimed at.
   *
   * @param path the parameters of the path
   * @param uri with the query
   */
  record Target(Map<String, String> path, String uri) {
    static Target of(RoutingContext context) {
      return new Target(Map.copyOf(context.pathParams()), context.request().uri());
    }
  }

  HttpServerRequest request() {
    return exchange.request();
  }

  /** A parameter of the path. */
  String path(String name) {
    return Objects.requireNonNull(path.get(name));
  }

  QueryParams query() {
    return query;
  }

  /** Who calls. Only where the audience is not everybody. */
  Principal principal() {
    return Objects.requireNonNull(principal, "an endpoint for everybody has no principal");
  }

  @Nullable String header(String name) {
    return exchange.request().getHeader(name);
  }

  /** A header with free text, which is UTF-8 (RFC 9110, 5.5); null when it is missing. */
  @Nullable String headerText(String name) {
    String latin1 = header(name);
    return latin1 == null ? null : HeaderText.utf8(name, latin1);
  }

  /** Which of the types that the endpoint offers the client likes best. */
  String type() {
    return type;
  }

  RequestBody body() {
    return exchange.body();
  }

  /** The body as JSON. */
  Future<Json> json() {
    requireType(Response.JSON);
    return body().read(BODY_LIMIT).map(StrictJson::json);
  }

  /** A large body as JSON, which is read beside the event loop: that has others to serve. */
  Future<Json> largeJson(Buffer text) {
    return exchange.loop().executeBlocking(() -> StrictJson.json(text));
  }

  /** The body as a merge patch (RFC 7396). */
  Future<Json> mergePatch() {
    requireType("application/merge-patch+json", Response.JSON);
    return body().read(BODY_LIMIT).map(StrictJson::json);
  }

  /** The same to the letter, for what keeps numbers as they are written. */
  Future<String> mergePatchText() {
    requireType("application/merge-patch+json", Response.JSON);
    return body().read(BODY_LIMIT).map(StrictJson::text);
  }

  /** Refuses a body of another type, or one that is not plain UTF-8. */
  void requireType(String... types) {
    body().needType(types);
  }

  /** Runs the step when the client goes away before it is answered. */
  void onClientGone(Runnable step) {
    exchange.onClientGone(step);
  }

  /**
   * 200 with a document made of what a store answers. It is written on a worker: a page may be
   * long, and neither the store's readers nor the event loop have time for that.
   */
  <T> Future<Response> document(Future<T> result, Function<T, JsonWritable> document) {
    return onLoop(result)
        .compose(
            found ->
                exchange.loop().executeBlocking(() -> Response.ok(document.apply(found)), false));
  }

  /** The same result, on the event loop of the connection. */
  <T> Future<T> onLoop(Future<T> result) {
    return exchange.onLoop(result);
  }
}
