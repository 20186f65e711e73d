package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.recorder.CauseText;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.signalbox.hub.recorder.TimeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Diagnosis of a completed command: the reasons for its final state. */
final class CompletedCommandDiagnosis {
  /** The hub checks every second; an expiry noticed later than this is reported as late. */
  private static final long LATE = 5_000;

  private static final int MOST_ABSENCES = 3;
  private static final String DELETED = "the device was deleted";
  private static final String SUPERSEDED_BY = "superseded by ";

  private final Command command;
  private final DeviceSnapshot snapshot;
  private final Step end;

  CompletedCommandDiagnosis(Command command, DeviceSnapshot snapshot) {
    this.command = command;
    this.snapshot = snapshot;
    this.end = command.timeline().getLast();
  }

  List<Reason> all() {
    return switch (command.state()) {
      case SUCCEEDED -> List.of(answered("succeeded", "completed it"), delay());
      case FAILED -> end.by() == null ? List.of(givenUp()) : failed();
      case REJECTED -> List.of(answered("rejected", "rejected it"), delay());
      case EXPIRED -> expired();
      case CANCELLED -> List.of(cancelled());
      case SUPERSEDED -> List.of(superseded());
      case QUEUED, SENT, ACCEPTED ->
          throw new IllegalArgumentException("command " + command.id() + " has not ended");
    };
  }

  private List<Reason> failed() {
    return List.of(answered("failed", "reported a failure"), delay());
  }

  private Reason answered(String code, String did) {
    String words = command.error() == null ? "" : ": \"" + command.error() + "\"";
    boolean explained = code.equals("succeeded") || command.error() != null;
    String silent = explained ? "" : " without an error message";
    return ended(code, "%s %s%s%s".formatted(snapshot.id(), did, words, silent));
  }

  /** Time from creation and from delivery to the answer. */
  private Reason delay() {
    String total = TimeText.words(end.ts() - command.created());
    String text =
        command
            .lastStep(State.SENT)
            .map(Step::ts)
            .map(
                sent ->
                    "it was answered %s after it was created and %s after it was sent"
                        .formatted(total, TimeText.words(end.ts() - sent)))
            .orElse("it was answered %s after it was created".formatted(total));
    return ended("duration", text);
  }

  private Reason givenUp() {
    return ended("attempts-exhausted", "the hub gave up: " + end.reason());
  }

  private List<Reason> expired() {
    List<Reason> reasons = new ArrayList<>();
    long sent = command.deliveries();
    if (command.lastStep(State.ACCEPTED).isPresent()) {
      reasons.add(acceptedOnly());
    } else if (sent == 0) {
      reasons.add(neverDelivered());
    } else {
      reasons.add(neverAnswered(sent));
    }
    reasons.addAll(absences(sent > 0));
    turnedAway().ifPresent(reasons::add);
    if (end.ts() - command.expires() > LATE) {
      reasons.add(late());
    }
    return reasons;
  }

  private Reason neverDelivered() {
    return ended(
        "never-delivered",
        "its time to live (%s) ended before it could be sent".formatted(timeToLive()));
  }

  private Reason neverAnswered(long sent) {
    Step last = command.lastStep(State.SENT).orElseThrow();
    String often = sent == 1 ? "" : "%d times, the last time ".formatted(sent);
    String text =
        "it was sent %sin session %d, %s after its creation, and not answered within its TTL (%s)"
            .formatted(
                often, last.session(), TimeText.words(last.ts() - command.created()), timeToLive());
    return ended("never-answered", text);
  }

  private Reason acceptedOnly() {
    String text =
        "%s accepted it, but reported no result within its time to live (%s)"
            .formatted(snapshot.id(), timeToLive());
    return ended("never-finished", text);
  }

  private Reason late() {
    String text =
        "it expired at %s; the hub was not running or could not write, and noticed it %s later"
            .formatted(
                TimeText.moment(command.expires()), TimeText.words(end.ts() - command.expires()));
    return ended("offline-detected-late", text);
  }

  /** Offline periods of the device during the command's life, as far as they are recorded. */
  private List<Reason> absences(boolean wasSent) {
    List<OfflinePeriod> absences =
        OfflinePeriod.of(snapshot).stream()
            .filter(each -> each.overlaps(command.created(), command.expires()))
            .toList();
    if (absences.isEmpty() && !wasSent) {
      return List.of(comesToPoll() ? onlyPolls() : notKept());
    }
    int skipped = Math.max(0, absences.size() - MOST_ABSENCES);
    return absences.stream().skip(skipped).map(this::absence).toList();
  }

  private Reason absence(OfflinePeriod absence) {
    boolean goesOn = !snapshot.isOnline() && absence.to() == snapshot.now();
    String when =
        goesOn
            ? "has been offline since " + TimeText.moment(absence.from())
            : "was offline from " + TimeText.fromTo(absence.from(), absence.to());
    String text =
        "%s %s (%s): %s"
            .formatted(
                snapshot.id(),
                when,
                TimeText.words(absence.to() - absence.from()),
                CauseText.words(absence.cause()));
    return new Reason("device-was-offline", text, absence.from());
  }

  /** The device tried to connect while the command waited, and was refused. */
  private Optional<Reason> turnedAway() {
    return snapshot
        .entries(Kind.REFUSED)
        .filter(entry -> entry.last() >= command.created() && entry.ts() < command.expires())
        .findFirst()
        .map(
            entry ->
                new Reason(
                    "connection-refused",
                    "the device tried to connect meanwhile, the last time at %s, but was %s"
                        .formatted(TimeText.moment(entry.last()), entry.text()),
                    entry.ts()));
  }

  private boolean comesToPoll() {
    return snapshot.presence().expected() != null;
  }

  private Reason onlyPolls() {
    return new Reason(
        "poll-interval",
        snapshot.id() + " can only be reached when it polls",
        snapshot.presence().since());
  }

  private Reason notKept() {
    return ended(
        "not-recorded",
        "the flight recorder shows no absence of %s at that time".formatted(snapshot.id()));
  }

  private Reason cancelled() {
    String reason = end.reason() == null ? "the hub cancelled it" : end.reason();
    if (reason.startsWith(DELETED)) {
      return ended("device-deleted", reason);
    }
    if (end.by() == null) {
      return ended("cancelled", reason);
    }
    String before =
        command.deliveries() == 0
            ? "before it was sent"
            : "after it was sent and before it was answered";
    return ended("cancelled", "%s cancelled it %s".formatted(end.by(), before));
  }

  private Reason superseded() {
    String reason = end.reason() == null ? "" : end.reason();
    String newer =
        reason.startsWith(SUPERSEDED_BY) ? reason.substring(SUPERSEDED_BY.length()) : reason;
    return ended(
        "superseded",
        "a newer command with the same collapse key '%s' replaced it before it was sent: %s"
            .formatted(command.collapse(), newer));
  }

  private Reason ended(String code, String text) {
    return new Reason(code, text, end.ts());
  }

  private String timeToLive() {
    return TimeText.words(command.expires() - command.created());
  }
}
