package io.signalbox.sim;

import io.signalbox.sim.LinkOptions.Transport;
import io.signalbox.sim.device.TransportPreferences;
import io.signalbox.sim.fault.Delay;
import io.signalbox.sim.http.PollingOptions;
import io.signalbox.sim.http.PowerProfile;
import io.signalbox.sim.link.TransportKind;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Parses the transport options. Throws {@link OptionException} for invalid ones. */
final class LinkOptionsParser {
  private final LinkOptions options;

  LinkOptionsParser(LinkOptions options) {
    this.options = options;
  }

  TransportPreferences preferences() {
    boolean auto = options.transport == Transport.AUTO;
    if (options.betterAfter != null && !auto) {
      throw new OptionException("--upgrade-after requires --transport auto");
    }
    return switch (options.transport) {
      case WEBSOCKET -> TransportPreferences.only(TransportKind.WEBSOCKET);
      case SSE -> TransportPreferences.only(TransportKind.SSE);
      case LONGPOLL -> TransportPreferences.only(TransportKind.LONGPOLL);
      case POLL -> TransportPreferences.only(TransportKind.POLL);
      case ADAPTIVE -> TransportPreferences.only(TransportKind.ADAPTIVE);
      case AUTO ->
          options.betterAfter == null
              ? TransportPreferences.auto()
              : TransportPreferences.auto(betterAfter());
    };
  }

  private Duration betterAfter() {
    return Duration.ofMillis(span("--upgrade-after", options.betterAfter).orElse(0));
  }

  PollingOptions pollingOptions() {
    boolean polls =
        switch (options.transport) {
          case POLL, LONGPOLL, AUTO -> true;
          case WEBSOCKET, SSE, ADAPTIVE -> false;
        };
    if (options.pollInterval != null && !polls) {
      throw new OptionException("--poll-interval requires --transport poll, longpoll or auto");
    }
    return new PollingOptions(span("--poll-interval", options.pollInterval), power(), options.gzip);
  }

  private PowerProfile power() {
    boolean sleeps = options.transport == Transport.POLL || options.transport == Transport.ADAPTIVE;
    if (options.power == null) {
      return PowerProfile.NONE;
    }
    if (!sleeps) {
      throw new OptionException("--power requires --transport poll or adaptive");
    }
    try {
      return PowerProfile.parse(options.power);
    } catch (IllegalArgumentException e) {
      throw new OptionException("--power: " + e.getMessage());
    }
  }

  private static OptionalLong span(String option, @Nullable String given) {
    if (given == null) {
      return OptionalLong.empty();
    }
    long millis = Delay.millis(given);
    if (millis < 1) {
      throw new OptionException(
          option + " must be a duration such as 500ms, 30s or 5m, got " + given);
    }
    return OptionalLong.of(millis);
  }
}
