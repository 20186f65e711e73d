package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.recorder.CauseText;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Texts of the timeline of a command, and its steps as entries of the device's timeline. */
final class TimelineText {
  private TimelineText() {}

  /** The entry of a step. */
  static RecorderEntry step(Command command, Step step) {
    return RecorderEntry.once(
            command.device(),
            step.ts(),
            Kind.COMMAND,
            word(step.state()),
            "command '%s' %s".formatted(command.name(), happened(command, step)),
            new ConnectionInfo(step.session(), step.transport(), null),
            step.node())
        .about(command.id());
  }

  /** The entry that marks that older commands are not shown. */
  static RecorderEntry olderCommands(Command oldest) {
    return RecorderEntry.once(
        oldest.device(),
        oldest.created(),
        Kind.COMMAND,
        "older",
        "commands older than %s are not shown; GET /api/v1/devices/%s/commands lists them"
            .formatted(oldest.id(), oldest.device()),
        ConnectionInfo.UNKNOWN,
        oldest.timeline().getFirst().node());
  }

  private static String happened(Command command, Step step) {
    return switch (step.state()) {
      case QUEUED ->
          step.equals(command.timeline().getFirst())
              ? "was queued by " + by(step)
              : "was queued again" + because(step.reason());
      case SENT -> "was sent to session " + step.session();
      case ACCEPTED -> "was accepted by the device";
      case SUCCEEDED -> "succeeded" + because(step.reason());
      case FAILED -> "failed" + because(reason(command, step));
      case REJECTED -> "was rejected by the device" + because(reason(command, step));
      case EXPIRED -> "expired" + because(step.reason());
      case CANCELLED -> "was cancelled" + cancelled(step);
      case SUPERSEDED -> "was " + step.reason();
    };
  }

  private static String cancelled(Step step) {
    return (step.by() == null ? "" : " by " + step.by()) + because(step.reason());
  }

  private static @Nullable String reason(Command command, Step step) {
    return step.reason() == null ? command.error() : step.reason();
  }

  private static String by(Step step) {
    return step.by() == null ? "the hub" : step.by();
  }

  private static String because(@Nullable String reason) {
    return reason == null ? "" : ": " + CauseText.words(reason);
  }

  /** The transport of the step's session. */
  static String transport(Step step) {
    return step.transport() == null ? "its connection" : word(step.transport());
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
