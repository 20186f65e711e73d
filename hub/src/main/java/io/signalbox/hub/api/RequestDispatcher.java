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
 * Where every call comes in and every answer leaves. A call is let in, brought to its endpoint, and
 * what comes back, an answer or whatever was thrown, is written once, on the event loop of its
 * connection. Nothing escapes: any failure becomes a problem document.
 *
 * <p>Threading: each call on the event loop of its connection.
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

  /** Answers a call to one of the paths of the table. */
  void open(RoutingContext context, Resource resource) {
    long began = System.nanoTime();
    HttpServerRequest request = plain(context);
    HttpExchange exchange = exchange(request);
    exchange.whenOver(() -> count(request, resource, System.nanoTime() - began));
    settle(exchange, () -> serve(exchange, resource, ApiRequest.Target.of(context)));
  }

  /** Answers a call to none of the paths of the table. */
  void answer(RoutingContext context, Supplier<Future<Response>> answer) {
    settle(exchange(plain(context)), answer);
  }

  /** Answers, at once, what the router itself could not make sense of. */
  void failed(RoutingContext context, int status) {
    exchange(plain(context))
        .write(ProblemResponses.of(new HttpException(status, context.failure())));
  }

  /**
   * The connection's own request: the one that a router gives holds all that the router knows of
   * it, and passes fluent calls on.
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
          new Refusal(ErrorCode.METHOD_NOT_ALLOWED, "here one can " + resource.allow());
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
    // Who only asks after the hub's health is told, whatever it says that it accepts.
    boolean strict = !(endpoint.requiredAccess() instanceof RequiredAccess.Public);
    String type = new AcceptHeader(strict ? accepted : null).best(endpoint.types());
    if (!(endpoint.action() instanceof Endpoint.Conditional)) {
      Preconditions.checkUntagged(exchange.request());
    }
    ApiRequest call = new ApiRequest(exchange, target.path(), query, type, principal);
    return endpoint.action().of(call).map(answer -> spread(call, answer));
  }

  /** Whoever waits is answered early by a hub that goes down, and not all are to come at once. */
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
    // A client may make up methods, but not the values of a meter's label.
    HttpMethod query = request.method();
    String method = resource.endpoint(query) == null ? "other" : query.name();
    metrics.request(method, resource.path(), request.response().getStatusCode(), nanos);
  }
}
