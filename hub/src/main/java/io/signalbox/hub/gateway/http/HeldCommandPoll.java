package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.PollCommandSink;
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
final class HeldCommandPoll extends TimerWheel.Timeout
    implements PollCommandSink, HeldDeviceRequest {
  private final CommandDelivery delivery;
  private final Session session;
  private final CommandPoll commandPoll;
  private final Promise<List<Command>> taken = Promise.promise();

  HeldCommandPoll(CommandDelivery delivery, Session session, CommandPoll commandPoll) {
    this.delivery = delivery;
    this.session = session;
    this.commandPoll = commandPoll;
  }

  /** Whether it is what was asked for so. */
  boolean isOf(CommandPoll other) {
    return commandPoll == other;
  }

  /** What it ends with. */
  Future<List<Command>> taken() {
    return taken.future();
  }

  @Override
  public void deliver(List<Command> commands) {
    delivery.loop().context().runOnContext(turn -> take(commands));
  }

  private void take(List<Command> commands) {
    delivery.loop().timers().remove(this);
    if (!taken.tryComplete(commands)) {
      delivery.returnUndelivered(session, commands);
    }
  }

  @Override
  void timeUp() {
    displace();
  }

  /** What it is given in this very moment it gives back. */
  @Override
  void drain(int seconds) {
    taken.tryComplete(List.of());
    displace();
  }

  /** It may be given commands at this very moment: those are its answer, then. */
  @Override
  public void displace() {
    delivery.loop().timers().remove(this);
    delivery.release(session, this).onComplete(released -> taken.tryComplete(List.of()));
  }

  @Override
  public void end(Refusal why) {
    delivery.loop().timers().remove(this);
    taken.tryFail(why);
  }
}
