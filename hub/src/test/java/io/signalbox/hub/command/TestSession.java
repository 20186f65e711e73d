package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Transport;
import java.util.ArrayList;
import java.util.List;

/** The device side of a session, with the commands delivered through it. */
final class TestSession {
  final Session session;
  final List<Command> inbox = new ArrayList<>();

  /** The session has ended. */
  boolean gone;

  TestSession(Session session) {
    this.session = session;
  }

  boolean polls() {
    return session.transport() == Transport.HTTP;
  }
}
