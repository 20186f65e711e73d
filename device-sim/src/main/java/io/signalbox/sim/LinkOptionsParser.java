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

/** Makes of the command line how devices are linked with the hub, or says what is wrong with it. */
final class LinkOptionsParser {
  private final LinkOptions options;

  LinkOptionsParser(LinkOptions options) {
    this.options = options;
  }

  TransportPreferences routes() {
    boolean auto = options.transport == Transport.AUTO;
    if (options.betterAfter != null && !auto) {
      throw new OptionException("--better-after belongs to --transport auto");
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
    return Duration.ofMillis(span("--better-after", options.betterAfter).orElse(0));
  }

  PollingOptions visits() {
    boolean polls =
        switch (options.transport) {
          case POLL, LONGPOLL, AUTO -> true;
          case WEBSOCKET, SSE, ADAPTIVE -> false;
        };
    if (options.pollInterval != null && !polls) {
      throw new OptionException("--poll-interval belongs to --transport poll or longpoll");
    }
    return new PollingOptions(span("--poll-interval", options.pollInterval), power(), options.gzip);
  }

  private PowerProfile power() {
    boolean sleeps = options.transport == Transport.POLL || options.transport == Transport.ADAPTIVE;
    if (options.power == null) {
      return PowerProfile.UNSAID;
    }
    if (!sleeps) {
      throw new OptionException("--power belongs to --transport poll or adaptive");
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
      throw new OptionException(option + " must be a time such as 500ms, 30s or 5m, not " + given);
    }
    return OptionalLong.of(millis);
  }
}
