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

/** Why a command ended as it did. */
final class CompletedCommandDiagnosis {
  /** The hub looks every second; what took longer was noticed late. */
  private static final long LATE = 5_000;

  private static final int MOST_ABSENCES = 3;
  private static final String DELETED = "the device was deleted";
  private static final String SUPERSEDED_BY = "superseded by ";

  private final Command command;
  private final DeviceSnapshot here;
  private final Step end;

  CompletedCommandDiagnosis(Command command, DeviceSnapshot situation) {
    this.command = command;
    this.here = situation;
    this.end = command.timeline().getLast();
  }

  List<Reason> all() {
    return switch (command.state()) {
      case SUCCEEDED -> List.of(answered("succeeded", "did it"), delay());
      case FAILED -> end.by() == null ? List.of(givenUp()) : failed();
      case REJECTED -> List.of(answered("rejected", "refused to do it"), delay());
      case EXPIRED -> expired();
      case CANCELLED -> List.of(cancelled());
      case SUPERSEDED -> List.of(superseded());
      case QUEUED, SENT, ACCEPTED ->
          throw new IllegalArgumentException("command " + command.id() + " is not over");
    };
  }

  private List<Reason> failed() {
    return List.of(answered("failed", "tried and failed"), delay());
  }

  private Reason answered(String code, String did) {
    String words = command.error() == null ? "" : ": \"" + command.error() + "\"";
    String silent = code.equals("succeeded") || command.error() != null ? "" : ", and said no more";
    return ended(code, "%s %s%s%s".formatted(here.id(), did, words, silent));
  }

  /** How long it took. */
  private Reason delay() {
    String total = TimeText.words(end.ts() - command.created());
    String text =
        CommandTimelines.last(command, State.SENT)
            .map(Step::ts)
            .map(
                sent ->
                    "it was answered %s after it was made and %s after it was sent"
                        .formatted(total, TimeText.words(end.ts() - sent)))
            .orElse("it was answered %s after it was made".formatted(total));
    return ended("took", text);
  }

  private Reason givenUp() {
    return ended("given-up", "the hub gave it up: " + end.reason());
  }

  private List<Reason> expired() {
    List<Reason> reasons = new ArrayList<>();
    long sent = CommandTimelines.handouts(command);
    if (CommandTimelines.last(command, State.ACCEPTED).isPresent()) {
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
        "its time (%s) was over before it could be sent".formatted(timeToLive()));
  }

  private Reason neverAnswered(long sent) {
    Step last = CommandTimelines.last(command, State.SENT).orElseThrow();
    String often = sent == 1 ? "" : "%d times, the last time ".formatted(sent);
    String text =
        "it was sent %sin session %d, %s after it was made, and not answered before its time (%s) was over"
            .formatted(
                often, last.session(), TimeText.words(last.ts() - command.created()), timeToLive());
    return ended("never-answered", text);
  }

  private Reason acceptedOnly() {
    String text =
        "%s accepted it, but did not say how it ended before its time (%s) was over"
            .formatted(here.id(), timeToLive());
    return ended("never-finished", text);
  }

  private Reason late() {
    String text =
        "its time was over at %s, but the hub was not running then or could not write, and noticed %s later"
            .formatted(
                TimeText.moment(command.expires()), TimeText.words(end.ts() - command.expires()));
    return ended("noticed-late", text);
  }

  /** When the device was not there, as far as that is kept. */
  private List<Reason> absences(boolean wasSent) {
    List<OfflinePeriod> absences =
        OfflinePeriod.of(here).stream()
            .filter(each -> each.overlaps(command.created(), command.expires()))
            .toList();
    if (absences.isEmpty() && !wasSent) {
      return List.of(comesToPoll() ? onlyPolls() : notKept());
    }
    int skipped = Math.max(0, absences.size() - MOST_ABSENCES);
    return absences.stream().skip(skipped).map(this::absence).toList();
  }

  private Reason absence(OfflinePeriod absence) {
    boolean goesOn = !here.isOnline() && absence.to() == here.now();
    String when =
        goesOn
            ? "has been offline since " + TimeText.moment(absence.from())
            : "was offline from " + TimeText.fromTo(absence.from(), absence.to());
    String text =
        "%s %s (%s): %s"
            .formatted(
                here.id(),
                when,
                TimeText.words(absence.to() - absence.from()),
                CauseText.words(absence.cause()));
    return new Reason("device-was-offline", text, absence.from());
  }

  /** It came while the command waited, and was sent away. */
  private Optional<Reason> turnedAway() {
    return here.notes(Kind.REFUSED)
        .filter(note -> note.last() >= command.created() && note.ts() < command.expires())
        .findFirst()
        .map(
            note ->
                new Reason(
                    "turned-away",
                    "it knocked meanwhile, the last time at %s, but was %s"
                        .formatted(TimeText.moment(note.last()), note.text()),
                    note.ts()));
  }

  private boolean comesToPoll() {
    return here.presence().expected() != null;
  }

  private Reason onlyPolls() {
    return new Reason(
        "polls", here.id() + " can only be reached when it polls", here.presence().since());
  }

  private Reason notKept() {
    return ended(
        "not-recorded",
        "the flight recorder has nothing of %s being away then".formatted(here.id()));
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
        CommandTimelines.handouts(command) == 0
            ? "before it was sent"
            : "after it had been sent and was not answered";
    return ended("cancelled", "%s cancelled it, %s".formatted(end.by(), before));
  }

  private Reason superseded() {
    String reason = end.reason() == null ? "" : end.reason();
    String newer =
        reason.startsWith(SUPERSEDED_BY) ? reason.substring(SUPERSEDED_BY.length()) : reason;
    return ended(
        "superseded",
        "a newer command with the same collapse key '%s' took its place before it was sent: %s"
            .formatted(command.collapse(), newer));
  }

  private Reason ended(String code, String text) {
    return new Reason(code, text, end.ts());
  }

  private String timeToLive() {
    return TimeText.words(command.expires() - command.created());
  }
}
