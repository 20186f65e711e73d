package io.signalbox.hub.gateway.http;

import io.signalbox.hub.gateway.http.VisitTally.Way;
import io.signalbox.hub.http.Query;
import java.time.Duration;
import java.util.Set;

/**
 * A device's request for commands. Made on the loop of its connection, which tells when the client
 * has gone away; heard at the device's home.
 */
final class Ask {
  private static final int LONGEST_WAIT = 60;
  private static final int MOST = 100;

  private final Way way;
  private final int seconds;
  private final int most;
  private volatile boolean abandoned;

  private Ask(Way way, int seconds, int most) {
    this.way = way;
    this.seconds = seconds;
    this.most = most;
  }

  /** As the query of a request says; refuses {@code INVALID} with the parameter. */
  static Ask of(String uri) {
    Query query = Query.of(uri, Set.of("wait", "max"));
    int most = query.number("max", 1, MOST, MOST);
    return new Ask(Way.SHORT, query.number("wait", 0, LONGEST_WAIT, 0), most);
  }

  /** As part of an exchange: for all that there is, at once. */
  static Ask inExchange() {
    return new Ask(Way.EXCHANGE, 0, MOST);
  }

  /** How it is asked, if it does not wait. */
  Way way() {
    return way;
  }

  /** How long it is ready to wait for a command. */
  Duration patience() {
    return Duration.ofSeconds(seconds);
  }

  /** How many commands it takes. */
  int most() {
    return most;
  }

  /** Whether it waits. */
  boolean waits() {
    return seconds > 0 && !abandoned;
  }

  /** The client has gone away. */
  void abandon() {
    abandoned = true;
  }
}
