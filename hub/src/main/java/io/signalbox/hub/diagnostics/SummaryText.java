package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.recorder.TimeText;
import java.util.List;

/** Summary of an explanation in one sentence. */
final class SummaryText {
  private SummaryText() {}

  /** Summary of a device: its state, the most important other reason, and waiting commands. */
  static String of(DeviceSnapshot snapshot) {
    DeviceDiagnosis device = new DeviceDiagnosis(snapshot);
    List<Reason> reasons = device.sessionState();
    StringBuilder sentence = new StringBuilder(reasons.getFirst().text());
    reasons.stream()
        .skip(1)
        .limit(1)
        .forEach(reason -> sentence.append("; ").append(reason.text()));
    new QueueDiagnosis(snapshot)
        .waiting()
        .ifPresent(waiting -> sentence.append("; ").append(waiting.text()));
    return sentence.append('.').toString();
  }

  /** Summary of a command: its name, its state and the reason. */
  static String of(Command command, List<Reason> reasons, long now) {
    StringBuilder sentence = new StringBuilder("Command '").append(command.name()).append("' ");
    sentence.append(stands(command, now)).append(": ").append(reasons.getFirst().text());
    if (command.state() == State.EXPIRED) {
      // "Its time to live ended" needs the obstacle as well.
      reasons.stream().skip(1).limit(1).forEach(more -> sentence.append("; ").append(more.text()));
    }
    return sentence.append('.').toString();
  }

  private static String stands(Command command, long now) {
    return switch (command.state()) {
      case QUEUED -> "has waited for " + TimeText.words(now - command.created());
      case SENT -> "awaits an answer";
      case ACCEPTED -> "is in progress";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case REJECTED -> "was rejected";
      case EXPIRED -> "expired";
      case CANCELLED -> "was cancelled";
      case SUPERSEDED -> "was superseded";
    };
  }
}
