package io.signalbox.hub.feed.http;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.feed.FeedDispatcher;
import io.signalbox.hub.feed.FeedMetrics;
import io.signalbox.hub.feed.Subscription;
import io.signalbox.hub.feed.SubscriptionGroup;
import io.signalbox.hub.http.AcceptHeader;
import io.signalbox.hub.http.Gzip;
import io.signalbox.hub.http.HttpExchange;
import io.signalbox.hub.http.ProblemResponses;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.RequestBody;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.SseEncoder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * HTTP endpoints of the feed: server-sent events and long polls. One instance per event loop.
 *
 * <p>Threading: the event loop only.
 */
public final class FeedHttpHandler {
  /** Path of the event stream. */
  public static final String STREAM = "/api/v1/events";

  /** Path of the poll. */
  public static final String POLL = "/api/v1/events/poll";

  private static final String METHODS = "GET, HEAD, OPTIONS, POST";
  private static final long BODY_LIMIT = 1024 * 1024L;
  private static final int COME_BACK_SECONDS = 5;

  private final FeedDispatcher loop;
  private final HttpAuthenticator authenticator;
  private final Duration bodyTimeout;

  /**
   * Creates the endpoints of an event loop.
   *
   * @param bodyTimeout longest time for a request body to arrive
   */
  public FeedHttpHandler(
      FeedDispatcher loop, HttpAuthenticator authenticator, Duration bodyTimeout) {
    this.loop = loop;
    this.authenticator = authenticator;
    this.bodyTimeout = bodyTimeout;
  }

  /** An authenticated request and its subscriptions. */
  private record Call(
      HttpExchange exchange, Credential credential, Principal client, SubscribeRequest wanted) {}

  /**
   * A delivery mode: stream or poll.
   *
   * @param type media type of the response
   * @param parameters query parameters of a GET
   * @param posted query parameters of a POST
   * @param fields fields of the body of a POST
   * @param cursorField the name of the cursor parameter
   */
  private record Delivery(
      String type,
      Set<String> parameters,
      Set<String> posted,
      Set<String> fields,
      String cursorField) {}

  private static final Delivery BY_STREAM =
      new Delivery(
          SseEncoder.CONTENT_TYPE,
          SubscribeRequest.withLastEventId(SubscribeRequest.OF_STREAM),
          SubscribeRequest.withLastEventId(Set.of()),
          Set.of("subscribe", "after"),
          "after");
  private static final Delivery BY_POLL =
      new Delivery(
          Response.JSON,
          SubscribeRequest.OF_POLL,
          Set.of(),
          Set.of("subscribe", "cursor", "wait", "limit"),
          "cursor");

  /** Handles a request to {@link #STREAM}. */
  public void stream(HttpServerRequest request) {
    open(request, BY_STREAM);
  }

  /** Handles a request to {@link #POLL}. */
  public void poll(HttpServerRequest request) {
    open(request, BY_POLL);
  }

  private void open(HttpServerRequest request, Delivery delivery) {
    RequestBody body = new RequestBody(request, loop.context(), bodyTimeout);
    HttpExchange exchange = new HttpExchange(request, loop.context(), body);
    exchange
        .onLoop(
            attempt(exchange, delivery)
                .compose(Response::withFirstChunk)
                .otherwise(ProblemResponses::of))
        .onSuccess(exchange::write);
  }

  private Future<Response> attempt(HttpExchange exchange, Delivery delivery) {
    try {
      return serve(exchange, delivery);
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private Future<Response> serve(HttpExchange exchange, Delivery delivery) {
    HttpServerRequest request = exchange.request();
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.OPTIONS)) {
      return Future.succeededFuture(Response.empty(204).with("Allow", METHODS));
    }
    boolean posted = method.equals(HttpMethod.POST);
    if (!posted && !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      Refusal refusal =
          new Refusal(ErrorCode.METHOD_NOT_ALLOWED, "method not allowed; allowed: " + METHODS);
      return Future.succeededFuture(ProblemResponses.of(refusal).with("Allow", METHODS));
    }
    Credential credential = authenticator.proof(request);
    return loop.admit(request, credential)
        .compose(
            client ->
                (posted ? fromBody(exchange, delivery) : fromQuery(request, delivery))
                    .map(wanted -> new Call(exchange, credential, client, wanted)))
        .compose(call -> follow(call, delivery));
  }

  private static Future<SubscribeRequest> fromQuery(HttpServerRequest request, Delivery delivery) {
    QueryParams query = QueryParams.of(request.uri(), delivery.parameters());
    SubscribeRequest wanted = SubscribeRequest.of(query, query.text(delivery.cursorField()));
    return Future.succeededFuture(accepted(request, delivery, query, wanted));
  }

  private Future<SubscribeRequest> fromBody(HttpExchange exchange, Delivery delivery) {
    HttpServerRequest request = exchange.request();
    QueryParams query = QueryParams.of(request.uri(), delivery.posted());
    exchange.body().needType(Response.JSON);
    return exchange
        .body()
        .read(BODY_LIMIT)
        .compose(exchange::parsed)
        .map(body -> accepted(request, delivery, query, read(body, delivery)));
  }

  private SubscribeRequest read(Json body, Delivery delivery) {
    int most = loop.settings().subscriptionsPerConnection();
    return SubscribeRequest.of(body, delivery.fields(), delivery.cursorField(), most);
  }

  private static SubscribeRequest accepted(
      HttpServerRequest request, Delivery delivery, QueryParams query, SubscribeRequest wanted) {
    String type = new AcceptHeader(request.getHeader("Accept")).best(List.of(delivery.type()));
    return type.equals(SseEncoder.CONTENT_TYPE)
        ? wanted.resumedAfter(SubscribeRequest.lastEventId(request, query))
        : wanted;
  }

  private Future<Response> follow(Call call, Delivery delivery) {
    return loop.prepare(() -> subscriptions(call))
        .compose(found -> delivery.equals(BY_STREAM) ? stream(call, found) : poll(call, found));
  }

  private List<Future<Subscription>> subscriptions(Call call) {
    List<Future<Subscription>> found = new ArrayList<>();
    for (int i = 0; i < call.wanted().wanted().size(); i++) {
      try {
        found.add(loop.subscription(call.wanted().wanted().get(i), call.client()));
      } catch (Refusal refusal) {
        throw call.wanted().named() ? SubscribeRequest.below(i, refusal) : refusal;
      }
    }
    return found;
  }

  private Future<Response> stream(Call call, FeedDispatcher.Prepared found) {
    Map<String, String> head =
        Map.of(
            "Content-Type",
            SseEncoder.CONTENT_TYPE,
            // Stops nginx from buffering the stream.
            "X-Accel-Buffering",
            "no");
    if (call.exchange().request().method().equals(HttpMethod.HEAD)) {
      return Future.succeededFuture(new Response(200, head, new Response.Empty()));
    }
    refuseTooMany();
    SubscriptionGroup group = found.start(0);
    SseClient stream = SseClient.start(loop, call.credential(), group, call.wanted().named());
    call.exchange().whenOver(stream::leave);
    call.exchange().onClientGone(stream::leave);
    return Future.succeededFuture(new Response(200, head, new Response.Streaming(stream)));
  }

  private Future<Response> poll(Call call, FeedDispatcher.Prepared found) {
    HttpServerRequest request = call.exchange().request();
    SubscribeRequest wanted = call.wanted();
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    long now = loop.now();
    long wait = isHead ? 0 : TimeUnit.SECONDS.toMillis(wanted.waitSeconds());
    if (wait > 0) {
      refuseTooMany();
    }
    loop.metrics().poll();
    SubscriptionGroup group = found.start(now);
    PollSink page = new PollSink(wanted.limit());
    LongPollClient poll = new LongPollClient(loop, call.credential(), group, page, now + wait);
    Future<Response> answer = poll.start(now);
    call.exchange().onClientGone(poll::leave);
    return Gzip.isAccepted(request.getHeader("Accept-Encoding"))
        ? answer.compose(whole -> Gzip.of(whole, loop.context()))
        : answer;
  }

  private void refuseTooMany() {
    if (loop.isDraining()) {
      throw new Refusal(ErrorCode.UNAVAILABLE, "the hub is shutting down")
          .retryIn(FeedDispatcher.retryAfterSeconds());
    }
    FeedMetrics metrics = loop.metrics();
    int most = loop.settings().maxHeldRequests();
    if (metrics.streams() + metrics.polls() >= most) {
      throw new Refusal(
              ErrorCode.UNAVAILABLE,
              "the limit of " + most + " held requests is reached (feed.maxHeldRequests)")
          .retryIn(COME_BACK_SECONDS);
    }
  }
}
