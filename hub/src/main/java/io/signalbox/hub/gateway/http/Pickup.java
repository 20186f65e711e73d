package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.Backlog;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.gateway.http.VisitTally.Way;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.Outlook;
import io.signalbox.hub.polling.Planned;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a visiting device is given its commands: at once, or when there are some. One request at a
 * time waits for them; the next one ends it.
 *
 * <p>Threading: the device's home.
 */
final class Pickup {
  private static final Logger LOG = LoggerFactory.getLogger(Pickup.class);

  private final House house;
  private final Home home;
  private final Attachment attachment;
  private final Itinerary itinerary;
  private @Nullable Stay stay;

  /** The connection on which commands were given out last; 0 if that is not known. */
  private int lastConnection;

  /** How many requests of the device have come; only whether it changes counts. */
  private int heard;

  Pickup(House house, Home home, Attachment attachment, Itinerary itinerary) {
    this.house = house;
    this.home = home;
    this.attachment = attachment;
    this.itinerary = itinerary;
  }

  /**
   * What a device takes along.
   *
   * @param next when it is to come again
   * @param unwritten gives the commands back, should they not reach it; for any thread
   */
  record Taken(List<Command> commands, Planned next, Runnable unwritten) {}

  Home home() {
    return home;
  }

  /** Whether a request of the device waits here. */
  boolean isWaiting() {
    return stay != null;
  }

  /**
   * What is due is given out for the session; a request that waits is given nothing more.
   *
   * @param connection of {@link Caller#connection}
   */
  Future<Taken> ask(Session session, Ask ask, int connection) {
    giveWay();
    Receipt receipt = receipt(ask, connection);
    boolean waits = ask.waits() && !reception().isDraining();
    Future<Taken> taken = waits ? held(session, ask, receipt) : fetched(session, ask, receipt);
    return taken.onSuccess(given -> note(given, connection));
  }

  /**
   * Where the device says nothing, its connection does: what was answered on the same one before
   * comes before what is answered now, or neither comes.
   */
  private Receipt receipt(Ask ask, int connection) {
    Receipt said = ask.receipt();
    if (said != null) {
      return said;
    }
    return connection != 0 && connection == lastConnection ? Receipt.ALL : Receipt.UNKNOWN;
  }

  private void note(Taken given, int connection) {
    if (!given.commands().isEmpty()) {
      lastConnection = connection;
    }
  }

  private Future<Taken> held(Session session, Ask ask, Receipt receipt) {
    return hold(session, ask, receipt)
        .compose(
            commands ->
                outlook(session, ask, commands)
                    .map(outlook -> taken(session, ask, commands, outlook, Way.LONG)));
  }

  /** Who is woken by commands is not kept waiting for what else there may be. */
  private Future<Outlook> outlook(Session session, Ask ask, List<Command> commands) {
    return commands.isEmpty()
        ? home.here(commands().backlog(session.device()))
            .map(left -> new Outlook(left.due(), left.nextDue()))
            .otherwise(Outlook.CLEAR)
        : Future.succeededFuture(new Outlook(commands.size() < ask.most() ? 0 : 1, 0));
  }

  private Future<Taken> fetched(Session session, Ask ask, Receipt receipt) {
    Future<List<Command>> fetch =
        home.here(commands().fetch(session, ask.most(), lease(), receipt));
    Future<Backlog> backlog = home.here(commands().backlog(session.device()));
    return fetch.compose(
        commands ->
            backlog.map(
                left ->
                    taken(
                        session,
                        ask,
                        commands,
                        new Outlook(left.due(), left.nextDue()),
                        ask.way())));
  }

  private void giveWay() {
    Stay before = stay;
    stay = null;
    if (before != null) {
      before.giveWay();
    }
  }

  private Future<List<Command>> hold(Session session, Ask ask, Receipt receipt) {
    reception().takeSeat();
    HeldPoll poll = new HeldPoll(this, session, ask);
    stay = poll;
    home.wheel().add(poll, ask.patience());
    house.tally().holds();
    attachment.wake();
    home.here(commands().hold(session, ask.most(), lease(), receipt, poll))
        .onFailure(refused -> poll.end(refusal(refused)));
    return poll.taken().onComplete(over -> letGo(poll));
  }

  private static Refusal refusal(Throwable failure) {
    return failure instanceof Refusal refusal
        ? refusal
        : new Refusal(Kind.INTERNAL, "the hub failed on this poll");
  }

  /** A stream takes whatever comes, as a connection does; it is to be welcomed and attached. */
  HeldStream stream(Session session, EventStream events, @Nullable Receipt said, int connection) {
    giveWay();
    reception().takeSeat();
    Receipt receipt = said == null ? Receipt.UNKNOWN : said;
    boolean asks = connection == 0 || !house.kernelTells();
    HeldStream stream = new HeldStream(this, session, events, receipt, asks);
    stay = stream;
    house.tally().holds();
    house.tally().polled(Way.STREAM, false);
    attachment.wake();
    stream.begin();
    return stream;
  }

  /** What operators want of the device, for who is listening. */
  void tell(Twin twin) {
    if (stay instanceof HeldStream stream) {
      stream.events().desired(twin);
    }
  }

  /** From now on what is due goes to the stream. */
  void attach(HeldStream stream) {
    commands().attach(stream.session(), stream.receipt(), stream.events()::command);
  }

  /** The client of that stream is gone, and with it the session, unless it goes on otherwise. */
  void leave(EventStream events) {
    if (stay instanceof HeldStream stream && stream.events() == events) {
      stream.stop();
      attachment.leave(events.cause());
    }
  }

  /** The device has made a request. */
  void hear() {
    heard++;
  }

  int heard() {
    return heard;
  }

  /** That stream has ended, and its device is to open another: meanwhile it is given nothing. */
  void takeBack(HeldStream ended) {
    commands().detach(ended.session(), "silent");
  }

  /** The device has had time to open another stream. */
  void giveUp(HeldStream ended) {
    if (stay == null && !ended.hasSpoken()) {
      attachment.leave("silent");
    }
  }

  int heartbeatSeconds() {
    return reception().settings().heartbeatSeconds();
  }

  /** What kept the device here is over. */
  void letGo(Stay over) {
    reception().leaveSeat();
    house.tally().letsGo();
    if (stay == over) {
      stay = null;
    }
  }

  private Taken taken(Session session, Ask ask, List<Command> commands, Outlook outlook, Way way) {
    house.tally().polled(way, !commands.isEmpty());
    Planned next =
        reception().isDraining() ? itinerary.sentAway() : itinerary.afterPoll(commands, outlook);
    if (ask.isAbandoned() && commands.isEmpty()) {
      itinerary.untold();
    }
    if (stay == null) {
      attachment.rest(itinerary.expected());
    }
    attachment.polled(way, next);
    return new Taken(commands, next, () -> giveBack(session, commands));
  }

  /** The client that has asked so is gone. */
  void abandon(Ask ask) {
    if (stay instanceof HeldPoll poll && poll.isOf(ask)) {
      poll.giveWay();
    }
  }

  /** The session is over. */
  void end(Refusal why) {
    Stay held = stay;
    stay = null;
    if (held != null) {
      held.end(why);
    }
  }

  /** A poll waits no longer; whatever it gets it has been given when this completes. */
  Future<Void> release(Session session, HeldPoll poll) {
    return home.here(commands().release(session, poll));
  }

  /** Commands that were given out did not reach the device. */
  void giveBack(Session session, List<Command> commands) {
    commands().giveBack(session, commands).onFailure(Pickup::leftToTheLease);
  }

  private static void leftToTheLease(Throwable refused) {
    LOG.debug("Commands could not be given back: {}", refused.getMessage());
  }

  /** A device cannot answer by a poll before it polls again. */
  private Duration lease() {
    Duration least = reception().settings().lease();
    Duration twice = Duration.ofMillis(2 * itinerary.interval());
    return twice.compareTo(least) > 0 ? twice : least;
  }

  private Commands commands() {
    return reception().commands();
  }

  private Reception reception() {
    return house.reception();
  }
}
