package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.gateway.GatewaySettings;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Twin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Open event stream of commands. It counts as a connection: its commands have no lease, and the
 * session ends when the client disconnects.
 *
 * <p>Threading: the device's event loop.
 */
final class CommandStream extends DeviceLoop.HeldDeviceRequest {
  private static final int LONGEST_BEAT_SECONDS = 30;
  private static final int LONGEST_ANSWER_SECONDS = 10;

  private final HttpDevice device;
  private final CommandService commands;
  private final GatewaySettings settings;
  private final Session session;
  private final DeviceSseWriter events;
  private final boolean asksSilentDevice;
  private int beats;
  private int heard;
  private boolean over;

  /**
   * Creates a stream of the session.
   *
   * @param asksSilentDevice whether a silent device is asked to reopen the stream, because the
   *     platform does not detect a vanished peer
   */
  CommandStream(
      HttpDevice device,
      CommandService commands,
      GatewaySettings settings,
      Session session,
      DeviceSseWriter events,
      boolean asksSilentDevice) {
    this.device = device;
    this.commands = commands;
    this.settings = settings;
    this.session = session;
    this.events = events;
    this.asksSilentDevice = asksSilentDevice;
  }

  DeviceSseWriter events() {
    return events;
  }

  /** Starts the heartbeats. */
  void begin() {
    heard = device.delivery().requestCount();
    hold();
  }

  /**
   * Sends the welcome, then commands; unless the stream was replaced while the twin was read, which
   * means that the session belongs to another.
   *
   * @param receipt of commands that the session received earlier
   */
  @Nullable Void welcome(Twin twin, Receipt receipt) {
    if (!over) {
      events.begin(settings.welcome(session, twin));
      commands.attach(session, receipt, events::command);
    }
    return null;
  }

  private void hold() {
    device.loop().hold(this, Duration.ofSeconds(beatSeconds()));
  }

  private int beatSeconds() {
    return Math.clamp(settings.heartbeatSeconds() / 2, 1, LONGEST_BEAT_SECONDS);
  }

  @Override
  void timeUp() {
    if (over) {
      endSilentSession();
    } else if (asksSilentDevice && isSilent()) {
      ask();
    } else {
      events.beat();
      hold();
    }
  }

  /** Whether the device has sent nothing else for two heartbeats. */
  private boolean isSilent() {
    beats++;
    if (hasSpoken()) {
      heard = device.delivery().requestCount();
      beats = 0;
    }
    return beats * beatSeconds() >= 2 * settings.heartbeatSeconds();
  }

  /** The device has not reopened its stream in time. */
  private void endSilentSession() {
    if (!device.delivery().isWaiting() && !hasSpoken()) {
      device.pollingSession().close(Cause.SILENT);
    }
  }

  /** Whether the device has made another request since. */
  private boolean hasSpoken() {
    return heard != device.delivery().requestCount();
  }

  /**
   * Asks the device to reopen the stream; doing so proves that it is alive. Until then it gets no
   * commands.
   */
  private void ask() {
    String silence = "no request from the device for " + 2 * settings.heartbeatSeconds() + " s";
    end(new Refusal(ErrorCode.TIMEOUT, silence + "; open the stream again"));
    commands.detach(session, Cause.SILENT);
    device.loop().hold(this, Duration.ofSeconds(answerSeconds()));
  }

  private int answerSeconds() {
    return Math.min(settings.heartbeatSeconds(), LONGEST_ANSWER_SECONDS);
  }

  @Override
  void displace() {
    end(new Refusal(ErrorCode.CONFLICT, "replaced by another request of the device"));
  }

  @Override
  void end(Refusal why) {
    if (!over) {
      stop();
      events.end(why);
    }
  }

  /** The client has disconnected. */
  void stop() {
    if (!over) {
      over = true;
      device.loop().letGo(this);
      device.delivery().released(this);
    }
  }

  @Override
  void drain(int seconds) {
    end(new Refusal(ErrorCode.UNAVAILABLE, "the hub is shutting down").retryIn(seconds));
  }
}
