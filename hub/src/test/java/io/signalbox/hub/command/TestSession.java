package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Transport;
import java.util.ArrayList;
import java.util.List;

/** A device's end of a session, with what it was given through it. */
final class TestSession {
  final Session session;
  final List<Command> inbox = new ArrayList<>();

  /** The session is over for good. */
  boolean gone;

  TestSession(Session session) {
    this.session = session;
  }

  boolean polls() {
    return session.transport() == Transport.HTTP;
  }
}
