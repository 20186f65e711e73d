package io.signalbox.sim;

import io.signalbox.sim.LinkOptions.Transport;
import io.signalbox.sim.device.Routes;
import io.signalbox.sim.fault.Delay;
import io.signalbox.sim.http.Power;
import io.signalbox.sim.http.Visits;
import io.signalbox.sim.link.Way;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Makes of the command line how devices are linked with the hub, or says what is wrong with it. */
final class LinkPlanner {
  private final LinkOptions options;

  LinkPlanner(LinkOptions options) {
    this.options = options;
  }

  Routes routes() {
    boolean auto = options.transport == Transport.AUTO;
    if (options.betterAfter != null && !auto) {
      throw new WrongOption("--better-after belongs to --transport auto");
    }
    return switch (options.transport) {
      case WEBSOCKET -> Routes.only(Way.WEBSOCKET);
      case SSE -> Routes.only(Way.SSE);
      case LONGPOLL -> Routes.only(Way.LONGPOLL);
      case POLL -> Routes.only(Way.POLL);
      case ADAPTIVE -> Routes.only(Way.ADAPTIVE);
      case AUTO -> options.betterAfter == null ? Routes.auto() : Routes.auto(betterAfter());
    };
  }

  private Duration betterAfter() {
    return Duration.ofMillis(span("--better-after", options.betterAfter).orElse(0));
  }

  Visits visits() {
    boolean polls =
        switch (options.transport) {
          case POLL, LONGPOLL, AUTO -> true;
          case WEBSOCKET, SSE, ADAPTIVE -> false;
        };
    if (options.pollInterval != null && !polls) {
      throw new WrongOption("--poll-interval belongs to --transport poll or longpoll");
    }
    return new Visits(span("--poll-interval", options.pollInterval), power(), options.gzip);
  }

  private Power power() {
    boolean sleeps = options.transport == Transport.POLL || options.transport == Transport.ADAPTIVE;
    if (options.power == null) {
      return Power.UNSAID;
    }
    if (!sleeps) {
      throw new WrongOption("--power belongs to --transport poll or adaptive");
    }
    try {
      return Power.parse(options.power);
    } catch (IllegalArgumentException e) {
      throw new WrongOption("--power: " + e.getMessage());
    }
  }

  private static OptionalLong span(String option, @Nullable String given) {
    if (given == null) {
      return OptionalLong.empty();
    }
    long millis = Delay.millis(given);
    if (millis < 1) {
      throw new WrongOption(option + " must be a time such as 500ms, 30s or 5m, not " + given);
    }
    return OptionalLong.of(millis);
  }
}
