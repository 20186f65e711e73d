package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reference model of one device's presence, by lists of events, without regard for cost. The clock
 * must not go back.
 */
final class PresenceReferenceModel {
  private static final long WINDOW = 300_000;

  private Presence presence = Presence.neverSeen(0);
  @Nullable Session session;
  private long contact;
  private long lastSweep;
  private long listening;

  /** Start or end of the last session, if the device caused it; else long ago. */
  private long lastChange = -WINDOW * 2;

  private final List<Long> changes = new ArrayList<>();
  private final List<Long> takeovers = new ArrayList<>();
  private boolean unstable;
  private int pause;
  private long closedUntil;
  private long lastTracker;
  private String holder = "";
  private String otherAddress = "";

  PresenceReferenceModel(long now) {
    lastSweep = now;
    listening = now;
  }

  Presence presence() {
    return presence.withFlapping(name());
  }

  /** Time that a claim has to wait. */
  int secondsToWait(long now) {
    if (session == null || pause == 0) {
      return 0;
    }
    lastTracker = now;
    if (now < closedUntil) {
      return (int) ((closedUntil - now + 999) / 1_000);
    }
    pause = Math.min(30, pause * 2);
    closedUntil = now + pause * 1_000L;
    return 0;
  }

  void opened(Session newer, long now) {
    Session older = session;
    boolean connected = older != null && presence.state() == State.ONLINE;
    changed(now, older == null ? 1 : 2, older != null);
    holder = newer.address();
    if (older != null && connected) {
      otherAddress = older.address();
      if (pause == 0 && (takeovers.isEmpty() || now - takeovers.getFirst() > 60_000)) {
        takeovers.clear();
      }
      takeover(now);
    }
    lastChange = now;
    session = newer;
    stands(State.ONLINE, now, null, null);
  }

  void answeredItsEnd(long now) {
    if (!changes.isEmpty() && !takeovers.isEmpty()) {
      takeover(now);
    }
  }

  private void takeover(long now) {
    takeovers.add(takeovers.isEmpty() ? now : takeovers.getFirst());
    if (takeovers.size() >= 6 && pause == 0) {
      pause = 1;
      closedUntil = now + 1_000;
    }
  }

  void ended(SessionEnd end, long now) {
    if (session != null) {
      changed(now, 1, false);
      holder = changes.isEmpty() ? holder : session.address();
      lastChange = now;
      stands(State.OFFLINE, now, end, null);
      session = null;
    }
  }

  private void changed(long now, int times, boolean anyway) {
    if (changes.isEmpty() && now - lastChange <= WINDOW) {
      changes.add(lastChange);
    } else if (changes.isEmpty() && !anyway) {
      return;
    }
    for (int i = 0; i < times; i++) {
      changes.add(now);
    }
    lastTracker = now;
    int six = changes.size() - 6;
    unstable |= six >= 0 && now - changes.get(six) <= WINDOW;
  }

  void rests(long expected, long now) {
    contact = now;
    if (presence.state() == State.ASLEEP) {
      stands(State.ASLEEP, presence.since(), null, expected);
    } else {
      stands(State.ASLEEP, now, null, expected);
    }
  }

  void wakes(long now) {
    if (presence.state() != State.ONLINE) {
      stands(State.ONLINE, now, null, null);
    }
  }

  void swept(long now) {
    listening = now - lastSweep > 30_000 ? now : listening;
    lastSweep = now;
    Long expected = presence.expected();
    if (expected != null) {
      long due = Math.max(expected, listening);
      long interval = expected - contact;
      if (now > due + Math.max(300_000, 3 * interval)) {
        ended(Cause.OVERDUE, now);
      } else if (presence.state() == State.ASLEEP && now > due + Math.max(10_000, interval / 4)) {
        stands(State.OVERDUE, now, null, expected);
      }
    }
    if (now - lastTracker > WINDOW) {
      forgetFlapping();
    }
  }

  private void forgetFlapping() {
    changes.clear();
    takeovers.clear();
    unstable = false;
    pause = 0;
  }

  /** The hub was killed and restarted; the stored plan of a poller may be slightly old. */
  void restarted(@Nullable Long kept, long keptContact, long now) {
    listening = now;
    lastSweep = now;
    forgetFlapping();
    if (presence.expected() != null) {
      contact = keptContact;
      lastChange = presence.since(); // the start of its session is not stored
      stands(presence.state(), presence.since(), null, kept);
    } else if (session != null) {
      stands(State.OFFLINE, now, Cause.HUB_RESTARTED, null);
      session = null;
      lastChange = -WINDOW * 2;
    }
  }

  private void stands(State state, long since, @Nullable SessionEnd end, @Nullable Long expected) {
    Session of = session;
    Transport transport = of == null ? presence.transport() : of.transport();
    long epoch = of == null ? presence.session() : of.epoch();
    String address = of == null ? presence.address() : of.address();
    presence = new Presence(state, since, end, transport, epoch, address, expected, null);
  }

  private @Nullable Flapping name() {
    if (pause > 0) {
      List<String> both =
          holder.equals(otherAddress) ? List.of(holder) : List.of(holder, otherAddress);
      return new Flapping(Flapping.Kind.CONTESTED, changes.size(), changes.getFirst(), both);
    }
    return unstable
        ? new Flapping(Flapping.Kind.UNSTABLE, changes.size(), changes.getFirst(), List.of(holder))
        : null;
  }
}
