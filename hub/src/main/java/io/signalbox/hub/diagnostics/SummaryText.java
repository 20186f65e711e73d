package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.recorder.TimeText;
import java.util.List;

/** The whole of an answer in one sentence. */
final class SummaryText {
  private SummaryText() {}

  /** Of a device: where it is, the weightiest thing beside that, and what waits for it. */
  static String of(DeviceSnapshot situation) {
    DeviceDiagnosis device = new DeviceDiagnosis(situation);
    List<Reason> reasons = device.sessionState();
    StringBuilder sentence = new StringBuilder(reasons.getFirst().text());
    reasons.stream()
        .skip(1)
        .limit(1)
        .forEach(reason -> sentence.append("; ").append(reason.text()));
    new QueueDiagnosis(situation)
        .waiting()
        .ifPresent(waiting -> sentence.append("; ").append(waiting.text()));
    return sentence.append('.').toString();
  }

  /** Of a command: what it is, where it stands, and why. */
  static String of(Command command, List<Reason> reasons, long now) {
    StringBuilder sentence = new StringBuilder("Command '").append(command.name()).append("' ");
    sentence.append(stands(command, now)).append(": ").append(reasons.getFirst().text());
    if (command.state() == State.EXPIRED) {
      // That time is over says little without what was in the way.
      reasons.stream().skip(1).limit(1).forEach(more -> sentence.append("; ").append(more.text()));
    }
    return sentence.append('.').toString();
  }

  private static String stands(Command command, long now) {
    return switch (command.state()) {
      case QUEUED -> "has waited for " + TimeText.words(now - command.created());
      case SENT -> "is with the device";
      case ACCEPTED -> "is being done";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case REJECTED -> "was rejected";
      case EXPIRED -> "expired";
      case CANCELLED -> "was cancelled";
      case SUPERSEDED -> "was superseded";
    };
  }
}
