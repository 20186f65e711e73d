package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.CauseText;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.signalbox.hub.recorder.TimeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why a device is where it is. */
final class DeviceDiagnosis {
  /** What happened longer ago explains nothing that is so now. */
  private static final long LATELY = 10 * 60_000L;

  private final DeviceSnapshot here;
  private final String id;
  private final Presence presence;

  DeviceDiagnosis(DeviceSnapshot situation) {
    this.here = situation;
    this.id = situation.id();
    this.presence = situation.presence();
  }

  /** Everything that there is to say, the weightiest first. */
  List<Reason> all() {
    List<Reason> reasons = new ArrayList<>(sessionState());
    tookOver().ifPresent(reasons::add);
    throttled().ifPresent(reasons::add);
    refusedMessages().ifPresent(reasons::add);
    reasons.addAll(new QueueDiagnosis(here).all());
    gap().ifPresent(reasons::add);
    obstacle().ifPresent(reasons::add);
    return reasons;
  }

  /** Where it is, and why it is not here. */
  List<Reason> sessionState() {
    List<Reason> reasons = new ArrayList<>();
    if (!here.device().enabled()) {
      reasons.add(disabled());
    }
    reasons.add(where());
    flapping().ifPresent(reasons::add);
    if (!here.isOnline()) {
      turnedAway().or(this::nobodyCame).ifPresent(reasons::add);
    }
    return reasons;
  }

  /** The device's state in a sentence. */
  Reason where() {
    String how = here.since(presence.since());
    return switch (presence.state()) {
      case ONLINE -> now("online", "has been online for %s, %s".formatted(how, attachment()));
      case ASLEEP -> now("asleep", "sleeps between two polls" + plan(": the next is due in "));
      case OVERDUE -> now("overdue", "has not polled" + plan(": it should have, "));
      case OFFLINE -> presence.session() == 0 ? neverHere(how) : offline(how);
    };
  }

  private Reason neverHere(String how) {
    String text = "has never connected since it was registered %s ago".formatted(how);
    return now("never-connected", text);
  }

  private Reason offline(String how) {
    String why = CauseText.words(presence.cause());
    return now(offlineCode(), "has been offline for %s: %s".formatted(how, why));
  }

  private Reason now(String code, String text) {
    return new Reason(code, id + " " + text, presence.since());
  }

  private String offlineCode() {
    String cause = presence.cause();
    if (cause.startsWith("replaced")) {
      return "replaced";
    }
    return switch (cause) {
      case "closed" -> "closed-by-device";
      case "lost" -> "connection-lost";
      case "silent" -> "silent";
      case "hub restarted" -> "hub-restarted";
      case "draining" -> "hub-stopped";
      case "revoked" -> "key-replaced";
      case "disabled" -> "was-disabled";
      case "overdue" -> "overdue-for-long";
      default -> cause.startsWith("closed with") ? "closed-with-code" : "offline";
    };
  }

  private Reason disabled() {
    Optional<RecorderEntry> change =
        here.notes(Kind.CHANGED).filter(note -> note.code().equals("disabled")).findFirst();
    String who =
        change
            .map(note -> "was %s %s".formatted(note.text(), here.ago(note.last())))
            .orElse("is disabled");
    String text = "%s %s, and is not let in until somebody enables it".formatted(id, who);
    return new Reason("disabled", text, change.map(RecorderEntry::last).orElse(null));
  }

  private Optional<Reason> flapping() {
    Presence.Flapping flapping = presence.flapping();
    return flapping == null ? Optional.empty() : Optional.of(flapping(flapping));
  }

  private Reason flapping(Presence.Flapping flapping) {
    String often = "%d changes in %s".formatted(flapping.changes(), here.since(flapping.since()));
    return switch (flapping.kind()) {
      case UNSTEADY -> unsteady(flapping, often);
      case CONTESTED -> contested(flapping, often);
    };
  }

  private Reason unsteady(Presence.Flapping flapping, String often) {
    String text =
        "%s comes and goes, %s: its power or its network is unsteady".formatted(id, often);
    return new Reason("unsteady", text, flapping.since());
  }

  private Reason contested(Presence.Flapping flapping, String often) {
    String addresses = String.join(" and ", flapping.addresses());
    String text =
        "%s is taken back and forth between %s, %s: two devices have the same key, and one of them needs a key of its own"
            .formatted(id, addresses, often);
    return new Reason("contested", text, flapping.since());
  }

  /** It has tried to come in since it went. */
  private Optional<Reason> turnedAway() {
    return here.newest(Kind.REFUSED, presence.since())
        .map(note -> lately("turned-away", "it knocked %s, but was %s", note));
  }

  /** What nobody noted did not happen, unless notes are missing. */
  private Optional<Reason> nobodyCame() {
    boolean unknown = here.newest(Kind.GAP, presence.since()).isPresent();
    boolean awaited = presence.state() == Presence.State.OFFLINE && here.device().enabled();
    if (unknown || !awaited) {
      return Optional.empty();
    }
    String text =
        presence.cause().equals("revoked")
            ? "nobody has come with the new key since then: the device has to be given it"
            : "nobody has come with its key since then: look at its power and its network, and"
                + " whether it has the right address and key";
    return Optional.of(new Reason("no-attempt", text, presence.since()));
  }

  /** Another session was in its place a short while ago. */
  private Optional<Reason> tookOver() {
    String text = "%s: %s; was that not the same device coming back, then two devices have one key";
    return presence.flapping() == null && here.isOnline()
        ? lately(Kind.TAKEOVER).map(note -> lately("took-over", text, note))
        : Optional.empty();
  }

  private Optional<Reason> throttled() {
    return lately(Kind.THROTTLED).map(note -> lately("throttled", "%s: %s", note));
  }

  private Optional<Reason> refusedMessages() {
    return lately(Kind.MESSAGE).map(note -> lately("messages-refused", "%s: %s", note));
  }

  private Optional<RecorderEntry> lately(Kind kind) {
    return here.newest(kind, here.now() - LATELY);
  }

  private Reason lately(String code, String text, RecorderEntry note) {
    String ago = here.ago(note.last());
    String often =
        note.times() == 1 ? ago : "%d times, the last time %s".formatted(note.times(), ago);
    return new Reason(code, text.formatted(often, note.text()), note.ts());
  }

  private Optional<Reason> gap() {
    return here.newest(Kind.GAP, 0)
        .map(
            note ->
                new Reason(
                    "gap",
                    "the flight recorder is not complete: %s".formatted(note.sentence()),
                    note.ts()));
  }

  private Optional<Reason> obstacle() {
    String obstacle = here.hub().obstacle().get();
    return obstacle == null
        ? Optional.empty()
        : Optional.of(new Reason("hub-not-ready", "the hub itself is not well: " + obstacle, null));
  }

  private String attachment() {
    return "by %s from %s in session %d"
        .formatted(transport(), presence.address(), presence.session());
  }

  private String transport() {
    return presence.transport() == null ? "?" : TimelineText.word(presence.transport());
  }

  private String plan(String words) {
    Long expected = presence.expected();
    if (expected == null) {
      return "";
    }
    String span = TimeText.words(Math.abs(expected - here.now()));
    return words + span + (expected < here.now() ? " ago" : "");
  }
}
