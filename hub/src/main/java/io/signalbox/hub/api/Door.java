package io.signalbox.hub.api;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.admission.Audience;
import io.signalbox.hub.admission.Credentials;
import io.signalbox.hub.http.Accept;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.Body;
import io.signalbox.hub.http.Exchange;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.Problem;
import io.signalbox.hub.http.Query;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Meters;
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
final class Door {
  private final Vertx vertx;
  private final Credentials credentials;
  private final ApiSettings settings;
  private final Meters meters;
  private final Health health;

  Door(Vertx vertx, Credentials credentials, ApiSettings settings, Meters meters, Health health) {
    this.vertx = vertx;
    this.credentials = credentials;
    this.settings = settings;
    this.meters = meters;
    this.health = health;
  }

  /** Answers a call to one of the paths of the table. */
  void open(RoutingContext context, Resource resource) {
    long began = System.nanoTime();
    HttpServerRequest request = plain(context);
    Exchange exchange = exchange(request);
    exchange.whenOver(() -> count(request, resource, System.nanoTime() - began));
    settle(exchange, () -> serve(exchange, resource, Call.Target.of(context)));
  }

  /** Answers a call to none of the paths of the table. */
  void answer(RoutingContext context, Supplier<Future<Answer>> answer) {
    settle(exchange(plain(context)), answer);
  }

  /** Answers, at once, what the router itself could not make sense of. */
  void failed(RoutingContext context, int status) {
    exchange(plain(context)).write(Problem.of(new HttpException(status, context.failure())));
  }

  /**
   * The connection's own request: the one that a router gives holds all that the router knows of
   * it, and passes fluent calls on.
   */
  private static HttpServerRequest plain(RoutingContext context) {
    return context.request().exceptionHandler(null);
  }

  private Exchange exchange(HttpServerRequest request) {
    Context loop = vertx.getOrCreateContext();
    return new Exchange(request, loop, new Body(request, loop, settings.bodyTimeout()));
  }

  private Future<Answer> serve(Exchange exchange, Resource resource, Call.Target target) {
    HttpServerRequest request = exchange.request();
    Endpoint endpoint = resource.endpoint(request.method());
    if (request.method().equals(HttpMethod.OPTIONS)) {
      return Future.succeededFuture(Answer.empty(204).with("Allow", resource.allow()));
    }
    if (endpoint == null) {
      Refusal refusal = new Refusal(Kind.METHOD_NOT_ALLOWED, "here one can " + resource.allow());
      return Future.succeededFuture(Problem.of(refusal).with("Allow", resource.allow()));
    }
    if (endpoint.audience() instanceof Audience.Anyone) {
      return perform(exchange, endpoint, target, null);
    }
    return exchange
        .onLoop(credentials.admit(request, endpoint.audience()))
        .compose(principal -> perform(exchange, endpoint, target, principal));
  }

  private Future<Answer> perform(
      Exchange exchange, Endpoint endpoint, Call.Target target, @Nullable Principal principal) {
    Query query = Query.of(target.uri(), endpoint.parameters());
    String accepted = exchange.request().getHeader("Accept");
    // Who only asks after the hub's health is told, whatever it says that it accepts.
    boolean strict = !(endpoint.audience() instanceof Audience.Anyone);
    String type = new Accept(strict ? accepted : null).best(endpoint.types());
    if (!(endpoint.action() instanceof Endpoint.Conditional)) {
      Preconditions.checkUntagged(exchange.request());
    }
    Call call = new Call(exchange, target.path(), query, type, principal);
    return endpoint.action().of(call).map(answer -> spread(call, answer));
  }

  /** Whoever waits is answered early by a hub that goes down, and not all are to come at once. */
  private Answer spread(Call call, Answer answer) {
    return health.isDraining() && Patience.isAskedFor(call)
        ? answer.with("Retry-After", Integer.toString(Patience.comeBackSeconds()))
        : answer;
  }

  private static void settle(Exchange exchange, Supplier<Future<Answer>> work) {
    exchange
        .onLoop(attempt(work).compose(Answer::begun).otherwise(Problem::of))
        .onSuccess(exchange::write);
  }

  private static Future<Answer> attempt(Supplier<Future<Answer>> work) {
    try {
      return work.get();
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private void count(HttpServerRequest request, Resource resource, long nanos) {
    // A client may make up methods, but not the values of a meter's label.
    HttpMethod asked = request.method();
    String method = resource.endpoint(asked) == null ? "other" : asked.name();
    meters.request(method, resource.path(), request.response().getStatusCode(), nanos);
  }
}
