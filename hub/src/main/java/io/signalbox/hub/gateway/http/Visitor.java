package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.gateway.Allowance;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.gateway.Stamp;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.Planned;
import io.signalbox.hub.wire.ExchangeBody;
import io.signalbox.hub.wire.TelemetryPayload;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A device that comes by HTTP: what is to be remembered of it between two requests. It brings
 * readings and answers without taking anything from anybody; who asks for commands takes the
 * device's session, as a connection does.
 *
 * <p>Threading: its home. Thousands of these sleep: every field is counted.
 */
final class Visitor {
  /** The newest commands from which a device's rhythm is found again. */
  private static final int RECALLED = 100;

  private final Visitors visitors;
  private final Home home;
  private final Attachment attachment;
  private final Itinerary itinerary;
  private final Pickup pickup;
  private final News news;
  private Device device;
  private long spentNanos;
  private long lastStamp;
  private int inside;
  private boolean inLobby;
  private boolean gone;

  Visitor(Visitors visitors, Device device, Home home) {
    this.visitors = visitors;
    this.device = device;
    this.home = home;
    this.attachment = new Attachment(reception(), home, this::isOver);
    this.itinerary = new Itinerary(house().plan(), house().clock(), device);
    this.pickup = new Pickup(house(), home, attachment, itinerary);
    this.news = new News(reception().twins(), home, device.id());
    recall();
  }

  /** Nobody waits for it: until it is there, the device is one that has just come. */
  private void recall() {
    CommandQuery latest = new CommandQuery(device.id(), null, Set.of(), null, RECALLED);
    home.here(reception().commands().list(latest))
        .onSuccess(page -> itinerary.recall(page.items()))
        .onFailure(unknown -> itinerary.recallNothing());
  }

  String id() {
    return device.id();
  }

  Home home() {
    return home;
  }

  Itinerary itinerary() {
    return itinerary;
  }

  Pickup pickup() {
    return pickup;
  }

  News news() {
    return news;
  }

  /** Whether it is known no more, and another stands in its place. */
  boolean isGone() {
    return gone;
  }

  private House house() {
    return visitors.house();
  }

  Reception reception() {
    return house().reception();
  }

  /** Comes in, does something, and leaves. */
  <T> Future<T> comes(Caller caller, Function<Visitor, Future<T>> deed) {
    device = caller.device();
    inside++;
    return Home.attempt(() -> deed.apply(this)).onComplete(done -> leaves());
  }

  private void leaves() {
    inside--;
    if (inside == 0 && attachment.isAwake()) {
      // It was refused what it came for, and is not here any more all the same.
      rests();
    }
    waitInLobby();
  }

  private void isOver(String cause) {
    news.forget();
    pickup.end(new Refusal(kind(cause), "the device's session is over: " + cause));
    waitInLobby();
  }

  private static Kind kind(String cause) {
    return switch (cause) {
      case "revoked", "deleted" -> Kind.UNAUTHENTICATED;
      case "disabled" -> Kind.DISABLED;
      default -> Kind.CONFLICT;
    };
  }

  private void waitInLobby() {
    if (inside == 0 && !attachment.isThere() && !inLobby) {
      inLobby = true;
      home.lobby().add(this);
    }
  }

  /** It has been in the lobby for long enough. */
  void leavesLobby() {
    inLobby = false;
    if (inside == 0 && !attachment.isThere()) {
      gone = true;
      visitors.forget(this);
    }
  }

  /**
   * Brings readings; succeeds when they are durable, with the time at which it is wanted again.
   * {@code TOO_FAST}, {@code UNAVAILABLE}: nothing of it is kept then.
   */
  Future<Optional<Planned>> brings(Caller caller, TelemetryPayload payload) {
    spend(payload.readings().size());
    return attachment.named(caller).compose(named -> keep(payload)).map(kept -> rests());
  }

  /** Succeeds when the readings are durable. {@code UNAVAILABLE} while the store is behind. */
  Future<Void> keep(TelemetryPayload payload) {
    if (home.intake().isFull()) {
      throw new Refusal(Kind.UNAVAILABLE, "the store is behind; send the readings again");
    }
    Parcel parcel = new Parcel();
    home.intake().skipped(payload.skipped());
    home.intake().accept(new Telemetry(id(), stamped(payload.readings())), parcel, 0);
    return parcel.kept();
  }

  /** It was here; when it should come again, unless it has a connection anyway. */
  private Optional<Planned> rests() {
    if (attachment.session() == null || pickup.isWaiting()) {
      return Optional.empty();
    }
    Planned next = itinerary.afterUpload();
    attachment.rest(itinerary.expected());
    return Optional.of(next);
  }

  private List<Reading> stamped(List<Reading> readings) {
    if (!Stamp.isNeeded(readings)) {
      return readings;
    }
    lastStamp = Stamp.next(lastStamp, house().now());
    return Stamp.on(readings, lastStamp);
  }

  /** Answers a command; succeeds when that is durable. Refuses as the room of commands does. */
  Future<Optional<Planned>> answers(Caller caller, CommandResult result) {
    spend(1);
    return attachment.named(caller).compose(named -> settle(named, result)).map(kept -> rests());
  }

  /** Succeeds when the answer to a command is durable. */
  Future<Void> settle(Session named, CommandResult result) {
    return home.here(reception().commands().result(named, result));
  }

  /** Looks at its twin. */
  Future<Twin> looks(Caller caller) {
    spend(1);
    return attachment.named(caller).compose(named -> rested(reception().twins().get(id())));
  }

  /** Says what it is, in a merge patch. */
  Future<Twin> reports(Caller caller, String patch, Precondition precondition) {
    spend(1);
    return attachment
        .named(caller)
        .compose(named -> rested(reception().twins().patchReported(id(), patch, precondition)));
  }

  /** Asks for commands, and takes the device's session for that. */
  Future<Pickup.Taken> asks(Caller caller, Ask ask) {
    spend(1);
    return take(caller).compose(session -> pickup.ask(session, ask, caller.connection()));
  }

  private Future<Session> take(Caller caller) {
    return attachment.claim(caller, pickup.isWaiting(), itinerary.isEarly());
  }

  /** Brings what it has, and takes what there is: also that takes the session. */
  Future<Trade.Deal> exchanges(Caller caller, ExchangeBody brought) {
    spend(Math.max(1, brought.telemetry().readings().size()));
    return take(caller)
        .compose(session -> new Trade(this, session, brought, caller.connection()).run());
  }

  /** Listens from now on, in the device's session. */
  Future<Void> listens(Caller caller, EventStream events, @Nullable Receipt said) {
    spend(1);
    return take(caller).compose(session -> listens(session, events, said, caller.connection()));
  }

  private Future<Void> listens(
      Session session, EventStream events, @Nullable Receipt said, int connection) {
    HeldStream stream = pickup.stream(session, events, said, connection);
    return home.here(reception().twins().get(id()))
        .map(twin -> welcome(stream, twin))
        .onFailure(failed -> stream.stop());
  }

  /** Unless it has given way while the twin was read: then the session is another's. */
  private @Nullable Void welcome(HeldStream stream, Twin twin) {
    if (!stream.isOver()) {
      stream.events().begin(reception().welcome(stream.session(), twin));
      pickup.attach(stream);
    }
    return null;
  }

  /** The twin has changed. */
  void changed(Twin twin) {
    news.changed(twin);
    pickup.tell(twin);
  }

  /** The client that listened is gone. */
  Future<Void> leaves(EventStream events) {
    pickup.leave(events);
    return Future.succeededFuture();
  }

  /** The client that has asked so is gone. */
  Future<Void> abandons(Ask ask) {
    pickup.abandon(ask);
    return Future.succeededFuture();
  }

  private <T> Future<T> rested(Future<T> done) {
    return home.here(done).onSuccess(now -> rests());
  }

  /** Every request costs something, so that a flood of nothing is slowed down like any other. */
  void spend(int readings) {
    pickup.hear();
    Allowance allowance = reception().allowance();
    long now = System.nanoTime();
    long excess = allowance.excess(spentNanos, now);
    if (excess > 0) {
      int most = reception().settings().readingsPerSecond();
      throw new Refusal(Kind.TOO_FAST, "a device may send " + most + " readings a second")
          .retryIn((int) Math.ceilDiv(excess, 1_000_000_000L));
    }
    spentNanos = allowance.after(spentNanos, now, readings);
  }
}
