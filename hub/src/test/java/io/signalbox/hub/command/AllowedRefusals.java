package io.signalbox.hub.command;

import static io.signalbox.hub.command.DeliveryCounts.handedTo;
import static io.signalbox.hub.command.DeliveryCounts.sendings;
import static io.signalbox.hub.command.DeliveryCounts.unfinished;
import static io.signalbox.hub.model.Command.State.ACCEPTED;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.Refusal;
import java.util.List;
import java.util.Map;

/**
 * Checks which refusals are justified. {@code UNAVAILABLE} is always accepted.
 *
 * @param kept the commands as they are durable
 * @param keys which command a device and a key have made
 */
record AllowedRefusals(
    Map<String, Command> kept,
    RegisteredDevices devices,
    Map<String, String> keys,
    DeliveryTracker deliveries) {
  boolean mayBe(Operation request, Refusal.ErrorCode kind) {
    return switch (request) {
      case Operation.Submit submit -> mayRefuse(submit, kind);
      case Operation.Cancel cancel -> cancel.mayBeRefused(kind, kept.get(cancel.id()));
      case Operation.Answer answer -> mayRefuse(answer, kind);
      case Operation.Poll poll -> kind == Refusal.ErrorCode.CONFLICT && mayBeReplaced(poll);
      case Operation.GiveBack giveBack -> false;
      case Operation.Delete delete -> devices.wasAbsent(delete.device());
    };
  }

  private boolean mayBeReplaced(Operation.Poll poll) {
    return deliveries.of(poll.session().device()).mayBeNewer(poll.session().epoch());
  }

  private boolean mayRefuse(Operation.Submit submit, Refusal.ErrorCode kind) {
    return switch (kind) {
      case UNKNOWN_DEVICE -> devices.wasAbsent(submit.device());
      case CONFLICT -> usesKeyOfAnother(submit);
      case QUEUE_FULL -> {
        List<Command> present = unfinished(kept.values(), submit.device());
        long waiting = present.stream().filter(c -> c.state() != ACCEPTED).count();
        yield waiting >= ReferenceModel.SETTINGS.maxQueued()
            || present.size() >= 4 * ReferenceModel.SETTINGS.maxQueued();
      }
      default -> false;
    };
  }

  private boolean usesKeyOfAnother(Operation.Submit submit) {
    IdempotencyKey key = submit.what().idempotencyKey();
    String first = key == null ? null : keys.get(submit.device() + " " + key.key());
    Command made = first == null ? null : kept.get(first);
    return made != null && !made.name().equals(submit.what().name());
  }

  private boolean mayRefuse(Operation.Answer answer, Refusal.ErrorCode kind) {
    String device = answer.session().device();
    Command command = kept.get(answer.id());
    if (command == null || !command.device().equals(device)) {
      return kind == Refusal.ErrorCode.UNKNOWN_COMMAND || kind == Refusal.ErrorCode.CONFLICT;
    }
    long epoch = answer.session().epoch();
    return switch (kind) {
      case UNKNOWN_COMMAND -> sendings(command) == 0;
      case CONFLICT -> deliveries.of(device).mayBeNewer(epoch) || handedTo(command) > epoch;
      case COMMAND_FINISHED -> command.state().isFinal();
      default -> false;
    };
  }
}
