package io.signalbox.hub.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.admission.Proof;
import io.signalbox.hub.http.Accept;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.Body;
import io.signalbox.hub.http.Exchange;
import io.signalbox.hub.http.Gzip;
import io.signalbox.hub.http.JsonText;
import io.signalbox.hub.http.Problem;
import io.signalbox.hub.http.Query;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.wire.SentEvents;
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
 * The door for viewers over plain HTTP: server-sent events, and polls that may be held. One for
 * each event loop.
 *
 * <p>Threading: the event loop only.
 */
public final class EventsDoor {
  /** Where the stream of events is. */
  public static final String STREAM = "/api/v1/events";

  /** Where the events are for those who poll. */
  public static final String POLL = "/api/v1/events/poll";

  private static final String METHODS = "GET, HEAD, OPTIONS, POST";
  private static final long BODY_LIMIT = 1024 * 1024L;
  private static final int COME_BACK_SECONDS = 5;

  private final LiveLoop loop;
  private final Duration patience;

  /**
   * A door for the viewers of that loop.
   *
   * @param patience how long a body may take to arrive
   */
  public EventsDoor(LiveLoop loop, Duration patience) {
    this.loop = loop;
    this.patience = patience;
  }

  /** Somebody who was let in, and what is wanted. */
  private record Call(Exchange exchange, Proof proof, Principal viewer, FeedRequest wanted) {}

  /**
   * One of the two ways.
   *
   * @param type the media type of its answers
   * @param parameters of the query of a GET
   * @param posted of the query of a POST
   * @param fields of the body of a POST
   * @param place what both call the cursor
   */
  private record Way(
      String type, Set<String> parameters, Set<String> posted, Set<String> fields, String place) {}

  private static final Way BY_STREAM =
      new Way(
          SentEvents.CONTENT_TYPE,
          LastEventId.and(FeedRequest.OF_STREAM),
          LastEventId.and(Set.of()),
          Set.of("subscribe", "after"),
          "after");
  private static final Way BY_POLL =
      new Way(
          Answer.JSON,
          FeedRequest.OF_POLL,
          Set.of(),
          Set.of("subscribe", "cursor", "wait", "limit"),
          "cursor");

  /** Answers a request for {@link #STREAM}. */
  public void stream(HttpServerRequest request) {
    open(request, BY_STREAM);
  }

  /** Answers a request for {@link #POLL}. */
  public void poll(HttpServerRequest request) {
    open(request, BY_POLL);
  }

  private void open(HttpServerRequest request, Way way) {
    Body body = new Body(request, loop.context(), patience);
    Exchange exchange = new Exchange(request, loop.context(), body);
    exchange
        .onLoop(attempt(exchange, way).compose(Answer::begun).otherwise(Problem::of))
        .onSuccess(exchange::write);
  }

  private Future<Answer> attempt(Exchange exchange, Way way) {
    try {
      return serve(exchange, way);
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private Future<Answer> serve(Exchange exchange, Way way) {
    HttpServerRequest request = exchange.request();
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.OPTIONS)) {
      return Future.succeededFuture(Answer.empty(204).with("Allow", METHODS));
    }
    boolean posted = method.equals(HttpMethod.POST);
    if (!posted && !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      Refusal refusal = new Refusal(Kind.METHOD_NOT_ALLOWED, "here one can " + METHODS);
      return Future.succeededFuture(Problem.of(refusal).with("Allow", METHODS));
    }
    Proof proof = loop.gallery().credentials().proof(request);
    return loop.admit(request, proof)
        .compose(
            viewer ->
                (posted ? posted(exchange, way) : asked(request, way))
                    .map(wanted -> new Call(exchange, proof, viewer, wanted)))
        .compose(call -> follow(call, way));
  }

  private static Future<FeedRequest> asked(HttpServerRequest request, Way way) {
    Query query = Query.of(request.uri(), way.parameters());
    FeedRequest wanted = FeedRequest.of(query, query.text(way.place()));
    return Future.succeededFuture(accepted(request, way, query, wanted));
  }

  private Future<FeedRequest> posted(Exchange exchange, Way way) {
    HttpServerRequest request = exchange.request();
    Query query = Query.of(request.uri(), way.posted());
    exchange.body().needType(Answer.JSON);
    return exchange
        .body()
        .read(BODY_LIMIT)
        .map(JsonText::parse)
        .map(body -> accepted(request, way, query, read(body, way)));
  }

  private FeedRequest read(JsonNode body, Way way) {
    int most = loop.gallery().settings().subscriptionsPerConnection();
    return FeedRequest.of(body, way.fields(), way.place(), most);
  }

  private static FeedRequest accepted(
      HttpServerRequest request, Way way, Query query, FeedRequest wanted) {
    String type = new Accept(request.getHeader("Accept")).best(List.of(way.type()));
    return type.equals(SentEvents.CONTENT_TYPE)
        ? wanted.resumedAfter(LastEventId.of(request, query))
        : wanted;
  }

  private Future<Answer> follow(Call call, Way way) {
    return loop.prepare(() -> subscriptions(call))
        .compose(found -> way.equals(BY_STREAM) ? stream(call, found) : poll(call, found));
  }

  private List<Future<Subscription>> subscriptions(Call call) {
    List<Future<Subscription>> found = new ArrayList<>();
    for (int i = 0; i < call.wanted().wanted().size(); i++) {
      try {
        found.add(loop.subscription(call.wanted().wanted().get(i), call.viewer()));
      } catch (Refusal refusal) {
        throw call.wanted().named() ? FeedRequest.below(i, refusal) : refusal;
      }
    }
    return found;
  }

  private Future<Answer> stream(Call call, LiveLoop.Prepared found) {
    Map<String, String> head =
        Map.of(
            "Content-Type",
            SentEvents.CONTENT_TYPE,
            // What gathers an answer before it passes it on makes no stream of it.
            "X-Accel-Buffering",
            "no");
    if (call.exchange().request().method().equals(HttpMethod.HEAD)) {
      return Future.succeededFuture(new Answer(200, head, new Answer.Nothing()));
    }
    refuseTooMany();
    Bundle bundle = Bundle.start(loop.feed(), found.subscriptions(), found.present(), 0);
    EventStream stream = EventStream.start(loop, call.proof(), bundle, call.wanted().named());
    call.exchange().whenOver(stream::leave);
    call.exchange().whenAbandoned(stream::leave);
    return Future.succeededFuture(new Answer(200, head, new Answer.Flow(stream)));
  }

  private Future<Answer> poll(Call call, LiveLoop.Prepared found) {
    HttpServerRequest request = call.exchange().request();
    FeedRequest wanted = call.wanted();
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    long now = loop.now();
    long wait = isHead ? 0 : TimeUnit.SECONDS.toMillis(wanted.waitSeconds());
    if (wait > 0) {
      refuseTooMany();
    }
    loop.gallery().tally().poll();
    Bundle bundle = Bundle.start(loop.feed(), found.subscriptions(), found.present(), now);
    PageOutbox page = new PageOutbox(wanted.limit());
    HeldPoll poll = new HeldPoll(loop, call.proof(), bundle, page, now + wait);
    Future<Answer> answer = poll.start(now);
    call.exchange().whenAbandoned(poll::leave);
    return Gzip.isAccepted(request.getHeader("Accept-Encoding"))
        ? answer.compose(whole -> Gzip.of(whole, loop.context()))
        : answer;
  }

  private void refuseTooMany() {
    if (loop.isDraining()) {
      throw new Refusal(Kind.UNAVAILABLE, "the hub is going down").retryIn(ComeBack.seconds());
    }
    Tally tally = loop.gallery().tally();
    int most = loop.gallery().settings().held();
    if (tally.streams() + tally.polls() >= most) {
      throw new Refusal(Kind.UNAVAILABLE, most + " streams and polls are held already")
          .retryIn(COME_BACK_SECONDS);
    }
  }
}
