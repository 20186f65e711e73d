package io.signalbox.hub.gateway.http;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.http.Accept;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.http.Body;
import io.signalbox.hub.http.Exchange;
import io.signalbox.hub.http.Problem;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.telemetry.Intake;
import io.signalbox.hub.wire.Encoding;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The door for devices that come by HTTP, one for each event loop. A device is recognised by the
 * key that it shows with each request, before anything that it brought is looked at.
 *
 * <p>Threading: the event loop only.
 */
public final class VisitDoor {
  /** Everything that stands below. */
  public static final String PATH = Errand.ROOT;

  private static final List<String> TYPES = List.of(Answer.JSON, "application/cbor");

  private final Home home;
  private final Visitors visitors;
  private final Duration patience;

  /**
   * A door on the context's event loop; made there.
   *
   * @param intake the loop's
   * @param twins devices hear of changed twins through it
   * @param patience how long a body may take between two parts of it
   */
  public VisitDoor(
      Context context,
      Visitors visitors,
      Intake intake,
      Topic<Event.TwinChanged> twins,
      Duration patience) {
    this.home = new Home(context, intake);
    this.visitors = visitors;
    this.patience = patience;
    twins.subscribe(this::changed);
  }

  private void changed(Event.TwinChanged change) {
    Visitor visitor = visitors.find(change.device());
    if (visitor != null && visitor.home().equals(home)) {
      visitor.changed(change.twin());
    }
  }

  /** Answers a request. */
  public void open(HttpServerRequest request) {
    Body body = new Body(request, home.context(), patience);
    Exchange exchange = new Exchange(request, home.context(), body);
    exchange
        .onLoop(Home.attempt(() -> serve(exchange)).otherwise(VisitDoor::refused))
        .onSuccess(reply -> write(exchange, reply));
  }

  private static void write(Exchange exchange, Reply reply) {
    exchange.writeBriefly(reply.answer()).onFailure(gone -> reply.unwritten().run());
  }

  /** Sends away who waits here, to come back over a spread of seconds. */
  public void drain() {
    home.wheel().sendAllAway();
  }

  private static Reply refused(Throwable failure) {
    Answer problem = Problem.of(failure);
    boolean packed =
        failure instanceof Refusal refusal && "Content-Encoding".equals(refusal.field());
    return Reply.of(packed ? problem.with("Accept-Encoding", "gzip") : problem);
  }

  private Future<Reply> serve(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    Errand errand = Errand.at(request.path());
    if (errand == null) {
      throw new Refusal(Kind.NOT_FOUND, "devices find nothing at " + request.path());
    }
    if (!errand.methods().contains(request.method())) {
      Refusal refusal = new Refusal(Kind.METHOD_NOT_ALLOWED, "here one can " + errand.allow());
      return reply(Problem.of(refusal).with("Allow", errand.allow()));
    }
    String key = AuthorizationHeader.key(request);
    String address = RequestSource.of(request).address();
    return exchange
        .onLoop(reception().recognise(key, address))
        .compose(device -> serve(exchange, errand, caller(exchange, device, key, address)));
  }

  private static Caller caller(
      Exchange exchange, Device device, @Nullable String key, String address) {
    int connection = Caller.connection(exchange.request());
    return new Caller(device, key == null ? "" : key, address, connection);
  }

  private Future<Reply> serve(Exchange exchange, Errand errand, Caller caller) {
    Visit visit = new Visit(exchange, caller, visitors, home, encoding(exchange));
    return Home.attempt(() -> visit.run(errand)).onFailure(failure -> noteRefused(caller, failure));
  }

  /** How the answer is to be written: what the client likes better. */
  private static Encoding encoding(Exchange exchange) {
    String accepted = exchange.request().getHeader("Accept");
    String type = EventStream.isAskedBy(accepted) ? Answer.JSON : new Accept(accepted).best(TYPES);
    return type.equals(Answer.JSON) ? Encoding.JSON : Encoding.CBOR;
  }

  private void noteRefused(Caller caller, Throwable failure) {
    if (failure instanceof Refusal refusal) {
      visitors.house().tally().refuses();
      reception().witness().requestRefused(caller.id(), caller.address(), refusal);
    }
  }

  private static Future<Reply> reply(Answer answer) {
    return Future.succeededFuture(Reply.of(answer));
  }

  private Reception reception() {
    return visitors.house().reception();
  }
}
