package io.signalbox.sim.http;

import io.signalbox.sim.link.Backoff;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.Traffic;
import io.signalbox.sim.link.Way;
import java.util.function.Consumer;

/**
 * A device that always holds one request, which the hub answers when there is a command, and says
 * what it has to say on a second connection beside it.
 */
public final class LongPollLink implements Link {
  /** An answer without commands that comes so much too early asks for a pause. */
  private static final long EARLY_MILLIS = 500;

  private final HttpDoor door;
  private final Teller teller;
  private final Wire held;
  private final Wire upWire;
  private final Uplink up;
  private final CommandCall call;
  private final TwinLook twin;
  private final Backoff troubles = new Backoff(1_000, 30_000);
  private final long holdSeconds;
  private long askedAt;
  private long resumesAt = Long.MAX_VALUE;

  private LongPollLink(HttpDoor door, String key, Consumer<LinkEvent> listener) {
    this.door = door;
    Traffic.Counts counts = door.board().counts(Way.LONGPOLL);
    this.teller = new Teller(listener, door.board().bell()::answered);
    this.held = new Wire(door, key, counts);
    this.upWire = new Wire(door, key, counts);
    this.up = new Uplink(door, upWire, teller, () -> {});
    this.call = new CommandCall(door, held, teller, counts);
    this.twin = new TwinLook(door, held, teller);
    this.holdSeconds = door.visits().holdSeconds();
  }

  /** Calls the hub with the device's key; what comes of it is told to {@code listener}. */
  public static LongPollLink open(HttpDoor door, String key, Consumer<LinkEvent> listener) {
    LongPollLink link = new LongPollLink(door, key, listener);
    door.board().bell().rings();
    link.look();
    return link;
  }

  private void look() {
    twin.look().onSuccess(seen -> ask()).onFailure(this::broken);
  }

  private void ask() {
    if (teller.isOver()) {
      return;
    }
    resumesAt = Long.MAX_VALUE;
    askedAt = door.now();
    call.ask(holdSeconds).onSuccess(this::caught).onFailure(this::broken);
    // It is the answer's time that is due next now.
    teller.turned();
  }

  private void caught(CommandCall.Catch caught) {
    Reply reply = caught.reply();
    if (reply.mayPass()) {
      pause(reply.retryAfterMillis() + troubles.next(door.board().random()));
    } else if (!reply.isGood()) {
      refused(reply);
    } else if (caught.commands() == 0 && isEarly()) {
      troubles.reset();
      pause(Math.max(1, reply.retryAfterMillis()));
    } else {
      troubles.reset();
      goOn();
    }
  }

  /** The hub lets go of a poll before its time when it is about to go down. */
  private boolean isEarly() {
    return door.now() - askedAt < holdSeconds * 1000 - EARLY_MILLIS;
  }

  private void goOn() {
    if (twin.isDue(door.now())) {
      look();
    } else {
      ask();
    }
  }

  private void pause(long millis) {
    resumesAt = door.now() + millis;
    teller.turned();
  }

  private void broken(Throwable fault) {
    closeWires();
    teller.broken(fault);
  }

  private void refused(Reply reply) {
    closeWires();
    teller.refused(reply);
  }

  @Override
  public void send(DeviceFrame frame) {
    up.put(frame);
    up.pump();
  }

  @Override
  public boolean isFull() {
    return up.isFull();
  }

  @Override
  public boolean isAwake() {
    return true;
  }

  @Override
  public boolean confirmsResults() {
    return true;
  }

  @Override
  public void act(long now) {
    held.act(now);
    upWire.act(now);
    if (now >= resumesAt) {
      goOn();
    }
    if (now >= up.dueAt()) {
      up.pump();
    }
  }

  @Override
  public long dueAt() {
    return Math.min(Math.min(held.dueAt(), upWire.dueAt()), Math.min(resumesAt, up.dueAt()));
  }

  @Override
  public void nudge(long now) {
    // It never sleeps.
  }

  @Override
  public void hurry(long now) {
    // It never sleeps.
  }

  @Override
  public void close() {
    teller.hush();
    closeWires();
  }

  private void closeWires() {
    held.close();
    upWire.close();
  }

  @Override
  public void cut() {
    close();
  }
}
