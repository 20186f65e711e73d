package io.signalbox.sim.http;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TransportKind;
import java.util.function.Consumer;

/**
 * Link of a device that sleeps and polls at an interval. At each contact it uploads what has
 * accumulated, polls for commands, sends immediate results, and sleeps until the time the hub plans
 * or its own interval.
 */
public final class ShortPollLink extends SleepingLink {
  private final Uplink up;
  private final CommandFetcher call;
  private final TwinPoller twin;
  private boolean asks;
  private long planned;
  private boolean troubled;
  private boolean gathering;

  private ShortPollLink(HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    super(connector, key, listener, TransportKind.POLL);
    this.up = new Uplink(connector, connection, notifier, this::onward);
    this.call = new CommandFetcher(connector, connection, notifier, counts);
    this.twin = new TwinPoller(connector, connection, notifier);
  }

  /** Opens the link with the device's key and reports events to {@code listener}. */
  public static ShortPollLink open(
      HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    ShortPollLink link = new ShortPollLink(connector, key, listener);
    link.started();
    link.asks = true;
    link.twin.look().onSuccess(welcomed -> link.up.pump()).onFailure(link.notifier::broken);
    return link;
  }

  @Override
  void contactHub() {
    sleep.wake();
    asks = true;
    troubled = false;
    counts.wakeUps.increment();
    gathering = true;
    notifier.turned();
    gathering = false;
    up.pump();
  }

  /** The connection is idle and nothing waits for upload. */
  private void onward() {
    if (asks) {
      asks = false;
      call.ask(0).onSuccess(this::caught).onFailure(notifier::broken);
    } else if (!troubled && twin.isDue(connector.now())) {
      twin.look().onSuccess(seen -> up.pump()).onFailure(notifier::broken);
    } else if (!sleep.isAsleep()) {
      sleep();
    }
  }

  private void caught(CommandFetcher.Fetched caught) {
    HttpReply reply = caught.reply();
    planned = reply.pollMillis();
    asks = caught.isFull();
    troubled = reply.isRetryable();
    if (reply.isGood() || troubled) {
      up.pump();
    } else {
      notifier.refused(reply);
    }
  }

  private void sleep() {
    if (troubled) {
      sleep.sleepAfterTrouble(planned);
    } else {
      sleep.sleep(planned);
    }
    notifier.turned();
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
    return sleep.isAsleep() || up.isFull();
  }
}
