package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What must become of one device's commands, written as plainly as can be. */
final class Reference {
  static final CommandSettings SETTINGS = new CommandSettings(5, 3, 100, Duration.ofDays(365));

  /** A command, as far as it matters. */
  private static final class Entry {
    final String id;
    final @Nullable String collapse;
    final long notBefore;
    final long expires;
    State state = State.QUEUED;
    long session;
    boolean wasSent;

    Entry(String id, NewCommand request, long now) {
      this.id = id;
      this.collapse = request.collapse();
      this.notBefore = request.notBefore() == null ? 0 : request.notBefore();
      this.expires = Math.max(now, notBefore) + request.ttl().toMillis();
    }
  }

  private final LongSupplier clock;
  private final List<Entry> entries = new ArrayList<>();
  private long session;

  Reference(LongSupplier clock) {
    this.clock = clock;
  }

  List<String> ids() {
    return entries.stream().map(entry -> entry.id).toList();
  }

  List<String> states() {
    return entries.stream().map(entry -> entry.state.name()).toList();
  }

  /** The room has answered with an id or a refusal; says whether that is right. */
  String submit(String outcome, NewCommand request) {
    Entry made = new Entry(outcome, request, clock.getAsLong());
    List<Entry> superseded =
        entries.stream()
            .filter(entry -> entry.state == State.QUEUED && entry.collapse != null)
            .filter(entry -> Objects.equals(entry.collapse, made.collapse))
            .toList();
    long queued = entries.stream().filter(entry -> entry.state == State.QUEUED).count();
    boolean fits = queued - superseded.size() < SETTINGS.queued() && unfinished() < 20;
    if (fits == outcome.equals("QUEUE_FULL")) {
      throw new AssertionError("%d are queued, and the room says %s".formatted(queued, outcome));
    }
    if (fits) {
      entries.add(made);
      settle();
    }
    return outcome;
  }

  void connect(long epoch) {
    session = epoch;
    settle();
  }

  void disconnect(long epoch) {
    if (session == epoch) {
      session = 0;
      settle();
    }
  }

  void restart() {
    session = 0;
    settle();
  }

  String say(long epoch, String id, State status) {
    Entry entry = entry(id);
    if (session > epoch) {
      return "CONFLICT";
    }
    if (entry.state.isFinal()) {
      return "COMMAND_OVER";
    }
    if (!entry.wasSent) {
      return "UNKNOWN_COMMAND";
    }
    if (entry.session > epoch) {
      return "CONFLICT";
    }
    entry.state = status;
    settle();
    return "done";
  }

  String cancel(String id) {
    Entry entry = entry(id);
    if (entry.state != State.QUEUED) {
      return entry.state.isFinal() ? "COMMAND_OVER" : "CONFLICT";
    }
    entry.state = State.CANCELLED;
    settle();
    return id;
  }

  /** Time, lost sessions, collapse keys, deliveries. */
  void settle() {
    long now = clock.getAsLong();
    for (Entry entry : entries) {
      if (!entry.state.isFinal() && entry.expires <= now) {
        entry.state = State.EXPIRED;
      }
      if (entry.state == State.SENT && entry.session != session) {
        entry.state = State.QUEUED;
      }
    }
    entries.stream().filter(this::hasNewer).forEach(entry -> entry.state = State.SUPERSEDED);
    entries.stream().filter(entry -> isDue(entry, now)).forEach(this::sendIfRoom);
  }

  /** Whether what was delivered through one session came in the order in which it was made. */
  boolean inOrder(List<Command> delivered) {
    List<Integer> places =
        delivered.stream()
            .filter(command -> command.notBefore() == 0)
            .map(command -> ids().indexOf(command.id()))
            .toList();
    return places.stream().sorted().distinct().toList().equals(places);
  }

  private boolean hasNewer(Entry entry) {
    return entry.state == State.QUEUED
        && entry.collapse != null
        && entries.subList(entries.indexOf(entry) + 1, entries.size()).stream()
            .filter(newer -> newer.state == State.QUEUED)
            .anyMatch(newer -> entry.collapse.equals(newer.collapse));
  }

  private boolean isDue(Entry entry, long now) {
    return session != 0 && entry.state == State.QUEUED && entry.notBefore <= now;
  }

  private void sendIfRoom(Entry entry) {
    long underWay = entries.stream().filter(other -> other.state == State.SENT).count();
    if (underWay < SETTINGS.window()) {
      entry.state = State.SENT;
      entry.session = session;
      entry.wasSent = true;
    }
  }

  private long unfinished() {
    return entries.stream().filter(entry -> !entry.state.isFinal()).count();
  }

  private Entry entry(String id) {
    return entries.stream().filter(entry -> entry.id.equals(id)).findFirst().orElseThrow();
  }
}
