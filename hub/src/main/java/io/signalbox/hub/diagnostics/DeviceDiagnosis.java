package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.recorder.CauseText;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.signalbox.hub.recorder.TimeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Diagnosis of a device: the reasons for its presence. */
final class DeviceDiagnosis {
  /** Older events do not explain the present state. */
  private static final long LATELY = 10 * 60_000L;

  private final DeviceSnapshot snapshot;
  private final String id;
  private final Presence presence;

  DeviceDiagnosis(DeviceSnapshot snapshot) {
    this.snapshot = snapshot;
    this.id = snapshot.id();
    this.presence = snapshot.presence();
  }

  /** All reasons, the most important first. */
  List<Reason> all() {
    List<Reason> reasons = new ArrayList<>(sessionState());
    tookOver().ifPresent(reasons::add);
    throttled().ifPresent(reasons::add);
    refusedMessages().ifPresent(reasons::add);
    reasons.addAll(new QueueDiagnosis(snapshot).all());
    gap().ifPresent(reasons::add);
    obstacle().ifPresent(reasons::add);
    return reasons;
  }

  /** The state of the device, and why it is not online. */
  List<Reason> sessionState() {
    List<Reason> reasons = new ArrayList<>();
    if (!snapshot.device().enabled()) {
      reasons.add(disabled());
    }
    reasons.add(where());
    flapping().ifPresent(reasons::add);
    if (!snapshot.isOnline()) {
      turnedAway().or(this::nobodyCame).ifPresent(reasons::add);
    }
    return reasons;
  }

  /** The state of the device in a sentence. */
  Reason where() {
    String how = snapshot.since(presence.since());
    return switch (presence.state()) {
      case ONLINE -> now("online", "has been online for %s, %s".formatted(how, attachment()));
      case ASLEEP -> now("asleep", "is asleep between two polls" + plan(": the next is due in "));
      case OVERDUE -> now("overdue", "has missed its poll" + plan(", which was due "));
      case OFFLINE -> presence.session() == 0 ? neverHere(how) : offline(how);
    };
  }

  private Reason neverHere(String how) {
    String text = "has never connected since it was registered %s ago".formatted(how);
    return now("never-connected", text);
  }

  private Reason offline(String how) {
    SessionEnd end = presence.end();
    String why = CauseText.words(presence.cause());
    String code = end == null ? "offline" : offlineCode(end);
    return now(code, "has been offline for %s: %s".formatted(how, why));
  }

  private Reason now(String code, String text) {
    return new Reason(code, id + " " + text, presence.since());
  }

  private static String offlineCode(SessionEnd end) {
    return switch (end) {
      case SessionEnd.Cause cause -> codeOfCause(cause);
      case SessionEnd.Replaced replaced -> "replaced";
      case SessionEnd.ClosedWithCode closed -> "closed-with-code";
      case SessionEnd.Unknown unknown -> "offline";
    };
  }

  private static String codeOfCause(SessionEnd.Cause cause) {
    return switch (cause) {
      case CLOSED -> "closed-by-device";
      case LOST -> "connection-lost";
      case SILENT -> "silent";
      case OVERDUE -> "overdue-for-long";
      case DRAINING -> "hub-stopped";
      case HUB_RESTARTED -> "hub-restarted";
      case NODE_LOST -> "node-lost";
      case REVOKED -> "key-replaced";
      case DISABLED -> "was-disabled";
      case DELETED -> "offline";
    };
  }

  private Reason disabled() {
    Optional<RecorderEntry> change =
        snapshot.entries(Kind.CHANGED).filter(entry -> entry.code().equals("disabled")).findFirst();
    String who =
        change
            .map(entry -> "was %s %s".formatted(entry.text(), snapshot.ago(entry.last())))
            .orElse("is disabled");
    String text = "%s %s and cannot connect until it is enabled".formatted(id, who);
    return new Reason("disabled", text, change.map(RecorderEntry::last).orElse(null));
  }

  private Optional<Reason> flapping() {
    Presence.Flapping flapping = presence.flapping();
    return flapping == null ? Optional.empty() : Optional.of(flapping(flapping));
  }

  private Reason flapping(Presence.Flapping flapping) {
    String often =
        "%d changes in %s".formatted(flapping.changes(), snapshot.since(flapping.since()));
    return switch (flapping.kind()) {
      case UNSTABLE -> unstable(flapping, often);
      case CONTESTED -> contested(flapping, often);
    };
  }

  private Reason unstable(Presence.Flapping flapping, String often) {
    String text =
        "%s connects and disconnects repeatedly, %s: its power supply or its network is unstable"
            .formatted(id, often);
    return new Reason("unstable", text, flapping.since());
  }

  private Reason contested(Presence.Flapping flapping, String often) {
    String addresses = String.join(" and ", flapping.addresses());
    String text =
        "the id %s alternates between %s, %s: two devices share one key; one of them needs its own"
            .formatted(id, addresses, often);
    return new Reason("contested", text, flapping.since());
  }

  /** The device was refused since it went offline. */
  private Optional<Reason> turnedAway() {
    return snapshot
        .newest(Kind.REFUSED, presence.since())
        .map(entry -> lately("connection-refused", "it tried to connect %s, but was %s", entry));
  }

  /** No attempt was recorded, so there was none, unless entries are missing. */
  private Optional<Reason> nobodyCame() {
    boolean unknown = snapshot.newest(Kind.GAP, presence.since()).isPresent();
    boolean awaited = presence.state() == Presence.State.OFFLINE && snapshot.device().enabled();
    if (unknown || !awaited) {
      return Optional.empty();
    }
    String text =
        presence.end() == SessionEnd.Cause.REVOKED
            ? "no device has connected with the new key since then: configure it in the device"
            : "no device has connected with its key since then: check its power, its network and"
                + " whether it has the right address and key";
    return Optional.of(new Reason("no-connection-attempt", text, presence.since()));
  }

  /** A newer session replaced an older one recently. */
  private Optional<Reason> tookOver() {
    String text = "%s: %s; unless the same device reconnected, two devices share one key";
    return presence.flapping() == null && snapshot.isOnline()
        ? lately(Kind.TAKEOVER).map(entry -> lately("takeover", text, entry))
        : Optional.empty();
  }

  private Optional<Reason> throttled() {
    return lately(Kind.THROTTLED).map(entry -> lately("throttled", "%s: %s", entry));
  }

  private Optional<Reason> refusedMessages() {
    return lately(Kind.MESSAGE).map(entry -> lately("messages-refused", "%s: %s", entry));
  }

  private Optional<RecorderEntry> lately(Kind kind) {
    return snapshot.newest(kind, snapshot.now() - LATELY);
  }

  private Reason lately(String code, String text, RecorderEntry entry) {
    String ago = snapshot.ago(entry.last());
    String often =
        entry.times() == 1 ? ago : "%d times, the last time %s".formatted(entry.times(), ago);
    return new Reason(code, text.formatted(often, entry.text()), entry.ts());
  }

  private Optional<Reason> gap() {
    return snapshot
        .newest(Kind.GAP, 0)
        .map(
            entry ->
                new Reason(
                    "recorder-gap",
                    "the flight recorder is incomplete: %s".formatted(entry.sentence()),
                    entry.ts()));
  }

  private Optional<Reason> obstacle() {
    String obstacle = snapshot.hub().obstacle().get();
    return obstacle == null
        ? Optional.empty()
        : Optional.of(new Reason("hub-not-ready", "the hub is not ready: " + obstacle, null));
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
    String span = TimeText.words(Math.abs(expected - snapshot.now()));
    return words + span + (expected < snapshot.now() ? " ago" : "");
  }
}
