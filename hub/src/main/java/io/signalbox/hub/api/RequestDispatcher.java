package io.signalbox.hub.api;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.http.AcceptHeader;
import io.signalbox.hub.http.HttpExchange;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.ProblemResponses;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.RequestBody;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.http.auth.RequiredAccess;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Entry and exit of all API requests. Authenticates a request, calls its endpoint, and writes the
 * response once, on the event loop of the connection. Every failure becomes a problem document.
 *
 * <p>Threading: the event loop of each request's connection.
 */
final class RequestDispatcher {
  private final Vertx vertx;
  private final HttpAuthenticator authenticator;
  private final ApiSettings settings;
  private final Metrics metrics;
  private final Health health;

  RequestDispatcher(
      Vertx vertx,
      HttpAuthenticator authenticator,
      ApiSettings settings,
      Metrics metrics,
      Health health) {
    this.vertx = vertx;
    this.authenticator = authenticator;
    this.settings = settings;
    this.metrics = metrics;
    this.health = health;
  }

  /** Handles a request to a path of the endpoint table. */
  void open(RoutingContext context, Resource resource) {
    long began = System.nanoTime();
    HttpServerRequest request = plain(context);
    HttpExchange exchange = exchange(request);
    exchange.whenOver(() -> count(request, resource, System.nanoTime() - began));
    settle(exchange, () -> serve(exchange, resource, ApiRequest.Target.of(context)));
  }

  /** Handles a request to any other path. */
  void answer(RoutingContext context, Supplier<Future<Response>> answer) {
    settle(exchange(plain(context)), answer);
  }

  /** Answers a request that the router could not parse. */
  void failed(RoutingContext context, int status) {
    exchange(plain(context))
        .write(ProblemResponses.of(new HttpException(status, context.failure())));
  }

  /**
   * The connection's own request: the router's wrapper keeps the whole routing context alive and
   * intercepts calls.
   */
  private static HttpServerRequest plain(RoutingContext context) {
    return context.request().exceptionHandler(null);
  }

  private HttpExchange exchange(HttpServerRequest request) {
    Context loop = vertx.getOrCreateContext();
    return new HttpExchange(request, loop, new RequestBody(request, loop, settings.bodyTimeout()));
  }

  private Future<Response> serve(
      HttpExchange exchange, Resource resource, ApiRequest.Target target) {
    HttpServerRequest request = exchange.request();
    Endpoint endpoint = resource.endpoint(request.method());
    if (request.method().equals(HttpMethod.OPTIONS)) {
      return Future.succeededFuture(Response.empty(204).with("Allow", resource.allow()));
    }
    if (endpoint == null) {
      Refusal refusal =
          new Refusal(
              ErrorCode.METHOD_NOT_ALLOWED, "method not allowed; allowed: " + resource.allow());
      return Future.succeededFuture(ProblemResponses.of(refusal).with("Allow", resource.allow()));
    }
    if (endpoint.requiredAccess() instanceof RequiredAccess.Public) {
      return perform(exchange, endpoint, target, null);
    }
    return exchange
        .onLoop(authenticator.admit(request, endpoint.requiredAccess()))
        .compose(principal -> perform(exchange, endpoint, target, principal));
  }

  private Future<Response> perform(
      HttpExchange exchange,
      Endpoint endpoint,
      ApiRequest.Target target,
      @Nullable Principal principal) {
    QueryParams query = QueryParams.of(target.uri(), endpoint.parameters());
    String accepted = exchange.request().getHeader("Accept");
    // Health checks are answered even if Accept excludes the media type.
    boolean strict = !(endpoint.requiredAccess() instanceof RequiredAccess.Public);
    String type = new AcceptHeader(strict ? accepted : null).best(endpoint.types());
    if (!(endpoint.action() instanceof Endpoint.Conditional)) {
      Preconditions.checkUntagged(exchange.request());
    }
    ApiRequest call = new ApiRequest(exchange, target.path(), query, type, principal);
    return endpoint.action().of(call).map(answer -> spread(call, answer));
  }

  /** A stopping hub ends held requests early; their clients must not all come back at once. */
  private Response spread(ApiRequest call, Response answer) {
    return health.isDraining() && WaitPreference.isRequested(call)
        ? answer.with("Retry-After", Integer.toString(WaitPreference.retryAfterSeconds()))
        : answer;
  }

  private static void settle(HttpExchange exchange, Supplier<Future<Response>> work) {
    exchange
        .onLoop(attempt(work).compose(Response::withFirstChunk).otherwise(ProblemResponses::of))
        .onSuccess(exchange::write);
  }

  private static Future<Response> attempt(Supplier<Future<Response>> work) {
    try {
      return work.get();
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private void count(HttpServerRequest request, Resource resource, long nanos) {
    // Clients may invent methods, which must not become label values of a metric.
    HttpMethod query = request.method();
    String method = resource.endpoint(query) == null ? "other" : query.name();
    metrics.request(method, resource.path(), request.response().getStatusCode(), nanos);
  }
}
