package io.signalbox.hub.why;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.recorder.Causes;
import io.signalbox.hub.recorder.Note;
import io.signalbox.hub.recorder.Note.Kind;
import io.signalbox.hub.recorder.Note.Place;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a command's timeline says, as entries of a device's chronicle. */
final class Sentences {
  private Sentences() {}

  /** A step of a command. */
  static Note step(Command command, Step step) {
    return Note.once(
            command.device(),
            step.ts(),
            Kind.COMMAND,
            word(step.state()),
            "command '%s' %s".formatted(command.name(), happened(command, step)),
            new Place(step.session(), step.transport(), null),
            step.node())
        .about(command.id());
  }

  /** Says that commands older than this one are not looked at. */
  static Note olderCommands(Command oldest) {
    return Note.once(
        oldest.device(),
        oldest.created(),
        Kind.COMMAND,
        "older",
        "commands older than %s are not shown here: GET /api/v1/devices/%s/commands has them"
            .formatted(oldest.id(), oldest.device()),
        Place.UNKNOWN,
        oldest.timeline().getFirst().node());
  }

  private static String happened(Command command, Step step) {
    return switch (step.state()) {
      case QUEUED ->
          step.equals(command.timeline().getFirst())
              ? "was queued by " + by(step)
              : "was taken back into the queue" + because(step.because());
      case SENT -> "was sent to session " + step.session();
      case ACCEPTED -> "was accepted by the device";
      case SUCCEEDED -> "succeeded" + because(step.because());
      case FAILED -> "failed" + because(reason(command, step));
      case REJECTED -> "was rejected by the device" + because(reason(command, step));
      case EXPIRED -> "expired" + because(step.because());
      case CANCELLED -> "was cancelled" + cancelled(step);
      case SUPERSEDED -> "was " + step.because();
    };
  }

  private static String cancelled(Step step) {
    return (step.by() == null ? "" : " by " + step.by()) + because(step.because());
  }

  private static @Nullable String reason(Command command, Step step) {
    return step.because() == null ? command.error() : step.because();
  }

  private static String by(Step step) {
    return step.by() == null ? "the hub" : step.by();
  }

  private static String because(@Nullable String because) {
    return because == null ? "" : ": " + Causes.words(because);
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
