package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.Poll;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/**
 * A poll that waits for commands. It ends once: with commands, or with none because its time is up,
 * its client is gone, or another poll of the device has come; or refused, because the session is
 * over. What it is given after that it gives back.
 *
 * <p>Threading: the home of its device, but for {@link #deliver}.
 */
final class HeldPoll extends Wheel.Held implements Poll, Stay {
  private final Pickup pickup;
  private final Session session;
  private final Ask ask;
  private final Promise<List<Command>> taken = Promise.promise();

  HeldPoll(Pickup pickup, Session session, Ask ask) {
    this.pickup = pickup;
    this.session = session;
    this.ask = ask;
  }

  /** Whether it is what was asked for so. */
  boolean isOf(Ask other) {
    return ask == other;
  }

  /** What it ends with. */
  Future<List<Command>> taken() {
    return taken.future();
  }

  @Override
  public void deliver(List<Command> commands) {
    pickup.home().context().runOnContext(turn -> take(commands));
  }

  private void take(List<Command> commands) {
    pickup.home().wheel().remove(this);
    if (!taken.tryComplete(commands)) {
      pickup.giveBack(session, commands);
    }
  }

  @Override
  void timeUp() {
    giveWay();
  }

  /** What it is given in this very moment it gives back. */
  @Override
  void sendAway(int seconds) {
    taken.tryComplete(List.of());
    giveWay();
  }

  /** It may be given commands at this very moment: those are its answer, then. */
  @Override
  public void giveWay() {
    pickup.home().wheel().remove(this);
    pickup.release(session, this).onComplete(released -> taken.tryComplete(List.of()));
  }

  @Override
  public void end(Refusal why) {
    pickup.home().wheel().remove(this);
    taken.tryFail(why);
  }
}
