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

/** Why a command that is not over is where it is. */
final class CommandDiagnosis {
  private static final int NAMED = 3;

  private final Command command;
  private final DeviceSnapshot here;
  private final DeviceDiagnosis device;

  CommandDiagnosis(Command command, DeviceSnapshot situation) {
    this.command = command;
    this.here = situation;
    this.device = new DeviceDiagnosis(situation);
  }

  /** Everything that there is to say, the weightiest first. */
  List<Reason> all() {
    List<Reason> reasons =
        switch (command.state()) {
          case QUEUED -> queued();
          case SENT -> sent();
          case ACCEPTED -> accepted();
          case SUCCEEDED, FAILED, REJECTED, EXPIRED, CANCELLED, SUPERSEDED ->
              new ArrayList<>(new CompletedCommandDiagnosis(command, here).all());
        };
    refusedAnswer().ifPresent(reasons::add);
    job().ifPresent(reasons::add);
    return reasons;
  }

  private List<Reason> queued() {
    List<Reason> reasons = new ArrayList<>();
    if (command.notBefore() > here.now()) {
      reasons.add(notBefore());
    }
    if (!here.isOnline()) {
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
        "it is not to be sent before %s, in %s"
            .formatted(
                TimeText.moment(command.notBefore()),
                TimeText.words(command.notBefore() - here.now()));
    return new Reason("not-before", text, command.created());
  }

  /** The device comes when it polls. */
  private Optional<Reason> nextPoll() {
    Long planned = here.presence().expected();
    if (planned == null) {
      return Optional.empty();
    }
    long wait = planned - here.now();
    String text =
        wait >= 0
            ? "it waits for the next poll of %s, planned for %s, in %s"
            : "it waits for the next poll of %s, which was planned for %s, %s ago";
    return Optional.of(
        new Reason(
            "next-poll",
            text.formatted(here.id(), TimeText.moment(planned), TimeText.words(Math.abs(wait))),
            command.created()));
  }

  /** What the device has not answered may be in the way when it comes. */
  private Optional<Reason> leasedAhead() {
    List<Command> ahead = here.in(State.SENT);
    return ahead.size() >= here.hub().window() ? Optional.of(windowFull(ahead)) : Optional.empty();
  }

  /** The device is here, the command is due, and still it waits. */
  private Reason held() {
    List<Command> ahead = here.in(State.SENT);
    if (ahead.size() >= here.hub().window()) {
      return windowFull(ahead);
    }
    String obstacle = here.hub().obstacle().get();
    if (obstacle != null) {
      return new Reason(
          "hub-not-ready", "the hub cannot note that it sends it: " + obstacle, command.created());
    }
    return new Reason("about-to-be-sent", "nothing is in its way: it is being sent", null);
  }

  private Reason windowFull(List<Command> ahead) {
    String named =
        ahead.stream()
            .limit(NAMED)
            .map(each -> "'%s' %s".formatted(each.name(), each.id()))
            .collect(Collectors.joining(", "));
    int more = ahead.size() - NAMED;
    String text =
        "%d commands ahead of it were sent and are not answered, and no more may be: %s%s"
            .formatted(ahead.size(), named, more > 0 ? " and " + more + " more" : "");
    return new Reason("window-full", text, ahead.getFirst().timeline().getLast().ts());
  }

  /** It was with the device before, which did not answer. */
  private Optional<Reason> takenBack() {
    long times = CommandTimelines.handouts(command);
    return times == 0
        ? Optional.empty()
        : CommandTimelines.last(command, State.QUEUED)
            .map(step -> new Reason("taken-back", takenBack(step, times), step.ts()));
  }

  private String takenBack(Step step, long times) {
    String often = times == 1 ? "once" : times + " times";
    String reason = step.reason() == null ? "its session ended" : CauseText.words(step.reason());
    return "it was sent %s and not answered; taken back %s from session %d: %s"
        .formatted(often, here.ago(step.ts()), step.session(), reason);
  }

  private List<Reason> sent() {
    Step sent = command.timeline().getLast();
    String how =
        sent.leaseExpires() == null
            ? "by " + CommandTimelines.transport(sent)
            : "as answer to a poll";
    String text =
        "it was sent %s in session %d %s, and %s has not answered"
            .formatted(here.ago(sent.ts()), sent.session(), how, here.id());
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
        "it is leased until %s: unanswered by then, in %s, it is queued again for the next poll"
            .formatted(TimeText.moment(until), TimeText.words(until - here.now()));
    return Optional.of(new Reason("leased", text, sent.ts()));
  }

  private List<Reason> accepted() {
    Step accepted = command.timeline().getLast();
    String text =
        "%s accepted it %s and has not said yet how it ended"
            .formatted(here.id(), here.ago(accepted.ts()));
    List<Reason> reasons = new ArrayList<>();
    reasons.add(new Reason("in-progress", text, accepted.ts()));
    if (here.isOnline()) {
      reasons.add(device.where());
    } else {
      reasons.addAll(device.sessionState());
    }
    reasons.add(expiry("it expires in %s unless it is finished by then"));
    return reasons;
  }

  private Reason expiry(String text) {
    String span = TimeText.words(command.expires() - here.now());
    return new Reason("expires", text.formatted(span), null);
  }

  private Optional<Reason> refusedAnswer() {
    return here.notes(Kind.RESULT)
        .filter(note -> command.id().equals(note.command()))
        .findFirst()
        .map(
            note ->
                new Reason(
                    "answer-refused",
                    "%s the device answered it, but %s"
                        .formatted(here.ago(note.last()), note.text()),
                    note.last()));
  }

  private Optional<Reason> job() {
    return command.job() == null
        ? Optional.empty()
        : Optional.of(new Reason("job", "it is part of job " + command.job(), command.created()));
  }
}
