package io.signalbox.sim.http;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.Traffic;
import io.signalbox.sim.link.Way;
import java.util.function.Consumer;

/**
 * A device that sleeps and asks for commands from time to time. Each visit: it takes up what has
 * gathered, asks for commands, says what it can answer at once, and sleeps until the hub wants to
 * hear from it again, or its own interval is over.
 */
public final class PollLink implements Link {
  private final HttpDoor door;
  private final Teller teller;
  private final Wire wire;
  private final Traffic.Counts counts;
  private final Uplink up;
  private final CommandCall call;
  private final TwinLook twin;
  private final Nap nap;
  private boolean asks;
  private long planned;
  private boolean troubled;
  private boolean gathering;

  private PollLink(HttpDoor door, String key, Consumer<LinkEvent> listener) {
    this.door = door;
    this.counts = door.board().counts(Way.POLL);
    this.teller = new Teller(listener, door.board().bell()::answered);
    this.wire = new Wire(door, key, counts);
    this.up = new Uplink(door, wire, teller, this::onward);
    this.call = new CommandCall(door, wire, teller, counts);
    this.twin = new TwinLook(door, wire, teller);
    this.nap = new Nap(door);
  }

  /** Calls the hub with the device's key; what comes of it is told to {@code listener}. */
  public static PollLink open(HttpDoor door, String key, Consumer<LinkEvent> listener) {
    PollLink link = new PollLink(door, key, listener);
    door.board().bell().rings();
    link.counts.wakeUps.increment();
    link.asks = true;
    link.twin.look().onSuccess(welcomed -> link.up.pump()).onFailure(link.teller::broken);
    return link;
  }

  private void visit() {
    nap.wake();
    asks = true;
    troubled = false;
    counts.wakeUps.increment();
    gathering = true;
    teller.turned();
    gathering = false;
    up.pump();
  }

  /** The wire is free, and nothing waits to go up. */
  private void onward() {
    if (asks) {
      asks = false;
      call.ask(0).onSuccess(this::caught).onFailure(teller::broken);
    } else if (!troubled && twin.isDue(door.now())) {
      twin.look().onSuccess(seen -> up.pump()).onFailure(teller::broken);
    } else if (!nap.isAsleep()) {
      sleep();
    }
  }

  private void caught(CommandCall.Catch caught) {
    Reply reply = caught.reply();
    planned = reply.pollMillis();
    asks = caught.isFull();
    troubled = reply.mayPass();
    if (reply.isGood() || troubled) {
      up.pump();
    } else {
      teller.refused(reply);
    }
  }

  private void sleep() {
    if (troubled) {
      nap.sleepAfterTrouble(planned);
    } else {
      nap.sleep(planned);
    }
    teller.turned();
  }

  @Override
  public void send(DeviceFrame frame) {
    up.put(frame);
    if (!gathering) {
      up.pump();
    }
  }

  @Override
  public boolean isFull() {
    return nap.isAsleep() || up.isFull();
  }

  @Override
  public boolean isAwake() {
    return !nap.isAsleep();
  }

  @Override
  public boolean confirmsResults() {
    return true;
  }

  @Override
  public void act(long now) {
    wire.act(now);
    if (now >= nap.wakesAt()) {
      visit();
    }
  }

  @Override
  public long dueAt() {
    return Math.min(wire.dueAt(), nap.wakesAt());
  }

  @Override
  public void nudge(long now) {
    nap.nudge(now);
  }

  @Override
  public void hurry(long now) {
    nap.hurry(now);
  }

  @Override
  public void close() {
    teller.hush();
    wire.close();
  }

  @Override
  public void cut() {
    close();
  }
}
