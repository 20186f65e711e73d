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
import java.util.stream.Collectors;

/** Diagnosis of an unfinished command: the reasons for its present state. */
final class CommandDiagnosis {
  private static final int NAMED = 3;

  private final Command command;
  private final DeviceSnapshot snapshot;
  private final DeviceDiagnosis device;

  CommandDiagnosis(Command command, DeviceSnapshot snapshot) {
    this.command = command;
    this.snapshot = snapshot;
    this.device = new DeviceDiagnosis(snapshot);
  }

  /** All reasons, the most important first. */
  List<Reason> all() {
    List<Reason> reasons =
        switch (command.state()) {
          case QUEUED -> queued();
          case SENT -> sent();
          case ACCEPTED -> accepted();
          case SUCCEEDED, FAILED, REJECTED, EXPIRED, CANCELLED, SUPERSEDED ->
              new ArrayList<>(new CompletedCommandDiagnosis(command, snapshot).all());
        };
    refusedAnswer().ifPresent(reasons::add);
    job().ifPresent(reasons::add);
    return reasons;
  }

  private List<Reason> queued() {
    List<Reason> reasons = new ArrayList<>();
    if (command.notBefore() > snapshot.now()) {
      reasons.add(notBefore());
    }
    if (!snapshot.isOnline()) {
      nextPoll().ifPresent(reasons::add);
      leasedAhead().ifPresent(reasons::add);
      reasons.addAll(device.sessionState());
    } else if (reasons.isEmpty()) {
      reasons.add(held());
      reasons.add(device.where());
    }
    takenBack().ifPresent(reasons::add);
    reasons.add(expiry("it expires in %s unless it is sent and answered by then"));
    return reasons;
  }

  private Reason notBefore() {
    String text =
        "it is scheduled for delivery at %s, in %s"
            .formatted(
                TimeText.moment(command.notBefore()),
                TimeText.words(command.notBefore() - snapshot.now()));
    return new Reason("not-before", text, command.created());
  }

  /** A polling device gets the command with its next poll. */
  private Optional<Reason> nextPoll() {
    Long planned = snapshot.presence().expected();
    if (planned == null) {
      return Optional.empty();
    }
    long wait = planned - snapshot.now();
    String text =
        wait >= 0
            ? "it waits for the next poll of %s, planned for %s, in %s"
            : "it waits for the next poll of %s, which was due at %s, %s ago";
    return Optional.of(
        new Reason(
            "next-poll",
            text.formatted(snapshot.id(), TimeText.moment(planned), TimeText.words(Math.abs(wait))),
            command.created()));
  }

  /** Unanswered commands may block delivery when the device polls. */
  private Optional<Reason> leasedAhead() {
    List<Command> ahead = snapshot.in(State.SENT);
    return ahead.size() >= snapshot.hub().window()
        ? Optional.of(windowFull(ahead))
        : Optional.empty();
  }

  /** The reason why a due command to an online device is still queued. */
  private Reason held() {
    List<Command> ahead = snapshot.in(State.SENT);
    if (ahead.size() >= snapshot.hub().window()) {
      return windowFull(ahead);
    }
    String obstacle = snapshot.hub().obstacle().get();
    if (obstacle != null) {
      return new Reason(
          "hub-not-ready", "the hub cannot store the delivery: " + obstacle, command.created());
    }
    return new Reason("sending", "nothing blocks it: it is being sent", null);
  }

  private Reason windowFull(List<Command> ahead) {
    String named =
        ahead.stream()
            .limit(NAMED)
            .map(each -> "'%s' %s".formatted(each.name(), each.id()))
            .collect(Collectors.joining(", "));
    int more = ahead.size() - NAMED;
    String text =
        "%d commands ahead of it are unanswered, which is the limit: %s%s"
            .formatted(ahead.size(), named, more > 0 ? " and " + more + " more" : "");
    return new Reason("in-flight-limit", text, ahead.getFirst().timeline().getLast().ts());
  }

  /** An earlier delivery of the command was not answered. */
  private Optional<Reason> takenBack() {
    long times = command.deliveries();
    return times == 0
        ? Optional.empty()
        : command
            .lastStep(State.QUEUED)
            .map(step -> new Reason("requeued", takenBack(step, times), step.ts()));
  }

  private String takenBack(Step step, long times) {
    String often = times == 1 ? "once" : times + " times";
    String reason = step.reason() == null ? "its session ended" : CauseText.words(step.reason());
    return "it was sent %s without an answer; queued again %s from session %d: %s"
        .formatted(often, snapshot.ago(step.ts()), step.session(), reason);
  }

  private List<Reason> sent() {
    Step sent = command.timeline().getLast();
    String how =
        sent.leaseExpires() == null
            ? "by " + TimelineText.transport(sent)
            : "in response to a poll";
    String text =
        "it was sent %s in session %d %s, and %s has not answered"
            .formatted(snapshot.ago(sent.ts()), sent.session(), how, snapshot.id());
    List<Reason> reasons = new ArrayList<>();
    reasons.add(new Reason("unanswered", text, sent.ts()));
    lease(sent).ifPresent(reasons::add);
    reasons.add(device.where());
    reasons.add(expiry("it expires in %s unless it is answered by then"));
    return reasons;
  }

  private Optional<Reason> lease(Step sent) {
    Long until = sent.leaseExpires();
    if (until == null) {
      return Optional.empty();
    }
    String text =
        "it is leased until %s, for another %s; if unanswered, it is queued again for the next poll"
            .formatted(TimeText.moment(until), TimeText.words(until - snapshot.now()));
    return Optional.of(new Reason("leased", text, sent.ts()));
  }

  private List<Reason> accepted() {
    Step accepted = command.timeline().getLast();
    String text =
        "%s accepted it %s and has not reported a result yet"
            .formatted(snapshot.id(), snapshot.ago(accepted.ts()));
    List<Reason> reasons = new ArrayList<>();
    reasons.add(new Reason("in-progress", text, accepted.ts()));
    if (snapshot.isOnline()) {
      reasons.add(device.where());
    } else {
      reasons.addAll(device.sessionState());
    }
    reasons.add(expiry("it expires in %s unless it is finished by then"));
    return reasons;
  }

  private Reason expiry(String text) {
    String span = TimeText.words(command.expires() - snapshot.now());
    return new Reason("expires", text.formatted(span), null);
  }

  private Optional<Reason> refusedAnswer() {
    return snapshot
        .entries(Kind.RESULT)
        .filter(entry -> command.id().equals(entry.command()))
        .findFirst()
        .map(
            entry ->
                new Reason(
                    "answer-refused",
                    "the device answered it %s, but %s"
                        .formatted(snapshot.ago(entry.last()), entry.text()),
                    entry.last()));
  }

  private Optional<Reason> job() {
    return command.job() == null
        ? Optional.empty()
        : Optional.of(new Reason("job", "it is part of job " + command.job(), command.created()));
  }
}
