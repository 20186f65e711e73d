package io.signalbox.hub.gateway.http;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.Power;
import io.signalbox.hub.polling.Window;
import io.signalbox.hub.wire.DeviceAnswers;
import io.signalbox.hub.wire.ExchangeBody;
import io.signalbox.hub.wire.ExchangeBody.PowerWish;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange: first what the device brings, readings, results, its report, in this order and each
 * durable before the next; then what there is for it. A part that is refused is said to be, and the
 * others go on.
 *
 * <p>Threading: the device's home.
 */
final class Trade {
  private static final Logger LOG = LoggerFactory.getLogger(Trade.class);

  private final Visitor visitor;
  private final Session session;
  private final ExchangeBody brought;
  private final int connection;
  private final List<Refusal> refused;
  private int accepted;

  Trade(Visitor visitor, Session session, ExchangeBody brought, int connection) {
    this.visitor = visitor;
    this.session = session;
    this.brought = brought;
    this.connection = connection;
    this.refused = new ArrayList<>(brought.refused());
  }

  /**
   * What it comes to.
   *
   * @param taken commands, and when to come again
   * @param answer for the device
   */
  record Deal(Pickup.Taken taken, DeviceAnswers.Exchanged answer) {}

  /** Does it all. */
  Future<Deal> run() {
    return part("power", Home.attempt(this::power))
        .compose(done -> part("telemetry", Home.attempt(this::readings)))
        .compose(done -> results(0))
        .compose(done -> part("reported", Home.attempt(this::report)))
        .compose(done -> commands())
        .compose(taken -> news().map(news -> deal(taken, news)));
  }

  private Future<Pickup.Taken> commands() {
    return visitor.pickup().ask(session, Ask.inExchange(brought.received()), connection);
  }

  private Deal deal(Pickup.Taken taken, Optional<Twin> news) {
    refused.forEach(refusal -> reception().witness().messageRefused(session, refusal));
    Pickup.Taken all =
        new Pickup.Taken(taken.commands(), taken.next(), () -> forget(taken.unwritten()));
    String because = taken.next().because().word();
    return new Deal(
        all,
        new DeviceAnswers.Exchanged(
            accepted,
            brought.telemetry().skipped(),
            taken.commands(),
            news,
            taken.next().millis(),
            because,
            refused));
  }

  /** Called on any thread: the answer was not written. */
  private void forget(Runnable unwritten) {
    visitor.home().context().runOnContext(turn -> visitor.news().untold());
    unwritten.run();
  }

  private Future<Void> power() {
    PowerWish wish = brought.power();
    if (wish != null) {
      visitor.itinerary().power(power(wish));
    }
    return Future.succeededFuture();
  }

  private static Power power(PowerWish wish) {
    return new Power(
        wish.minInterval(),
        wish.maxInterval(),
        wish.pollCost(),
        wish.batteryPercent(),
        wish.windows().stream().map(Trade::window).toList());
  }

  private static Window window(String text) {
    try {
      return Window.of(text);
    } catch (IllegalArgumentException none) {
      String detail = "power.windows " + none.getMessage();
      throw new Refusal(Refusal.Kind.INVALID, "power.windows", detail);
    }
  }

  private Future<Void> readings() {
    List<Reading> readings = brought.telemetry().readings();
    if (readings.isEmpty()) {
      return Future.succeededFuture();
    }
    return visitor.keep(brought.telemetry()).onSuccess(kept -> accepted = readings.size());
  }

  /** One after the other: an answer may be what the next one waits for. */
  private Future<Void> results(int from) {
    if (from == brought.results().size()) {
      return Future.succeededFuture();
    }
    ExchangeBody.Answered next = brought.results().get(from);
    return part(next.field(), visitor.settle(session, next.result()))
        .compose(done -> results(from + 1));
  }

  private Future<Void> report() {
    String patch = brought.reported();
    return patch == null
        ? Future.succeededFuture()
        : visitor.home().here(reception().twins().patchReported(visitor.id(), patch)).mapEmpty();
  }

  private Future<Optional<Twin>> news() {
    return visitor
        .news()
        .since(brought.desiredVersion())
        .recover(
            failure -> {
              refused.add(refusal("desired", failure));
              return Future.succeededFuture(Optional.empty());
            });
  }

  /** The part, or that it was refused. */
  private Future<Void> part(String field, Future<Void> done) {
    return done.recover(
        failure -> {
          refused.add(refusal(field, failure));
          return Future.succeededFuture();
        });
  }

  private Refusal refusal(String field, Throwable failure) {
    if (!(failure instanceof Refusal refusal)) {
      LOG.error("A part of an exchange of device {} failed", visitor.id(), failure);
      return new Refusal(Refusal.Kind.INTERNAL, field, "the hub failed on this part");
    }
    String its = refusal.field();
    boolean full = its != null && its.startsWith(field);
    Refusal named = full ? refusal : new Refusal(refusal.kind(), field, refusal.detail());
    return named.retryIn(refusal.retryAfter());
  }

  private Reception reception() {
    return visitor.reception();
  }
}
