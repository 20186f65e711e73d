package io.signalbox.hub.command;

import static io.signalbox.hub.command.Tally.handedTo;
import static io.signalbox.hub.command.Tally.sendings;
import static io.signalbox.hub.command.Tally.unfinished;
import static io.signalbox.hub.model.Command.State.ACCEPTED;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import java.util.List;
import java.util.Map;

/**
 * Which refusals are the truth. That the hub cannot just now is always believed.
 *
 * @param kept the commands as they are durable
 * @param keys which command a device and a key have made
 */
record Refusals(
    Map<String, Command> kept, Population population, Map<String, String> keys, Custody custody) {
  boolean mayBe(Request request, Refusal.Kind kind) {
    return switch (request) {
      case Request.Submit submit -> mayRefuse(submit, kind);
      case Request.Cancel cancel -> cancel.mayBeRefused(kind, kept.get(cancel.id()));
      case Request.Answer answer -> mayRefuse(answer, kind);
      case Request.Poll poll -> kind == Refusal.Kind.CONFLICT && mayBeReplaced(poll);
      case Request.GiveBack giveBack -> false;
      case Request.Delete delete -> population.wasAbsent(delete.device());
    };
  }

  private boolean mayBeReplaced(Request.Poll poll) {
    return custody.of(poll.session().device()).mayBeNewer(poll.session().epoch());
  }

  private boolean mayRefuse(Request.Submit submit, Refusal.Kind kind) {
    return switch (kind) {
      case UNKNOWN_DEVICE -> population.wasAbsent(submit.device());
      case CONFLICT -> usesKeyOfAnother(submit);
      case QUEUE_FULL -> {
        List<Command> present = unfinished(kept.values(), submit.device());
        long waiting = present.stream().filter(c -> c.state() != ACCEPTED).count();
        yield waiting >= Reference.SETTINGS.queued()
            || present.size() >= 4 * Reference.SETTINGS.queued();
      }
      default -> false;
    };
  }

  private boolean usesKeyOfAnother(Request.Submit submit) {
    String first = keys.get(submit.device() + " " + submit.what().idempotencyKey());
    Command made = first == null ? null : kept.get(first);
    return made != null && !made.name().equals(submit.what().name());
  }

  private boolean mayRefuse(Request.Answer answer, Refusal.Kind kind) {
    String device = answer.session().device();
    Command command = kept.get(answer.id());
    if (command == null || !command.device().equals(device)) {
      return kind == Refusal.Kind.UNKNOWN_COMMAND || kind == Refusal.Kind.CONFLICT;
    }
    long epoch = answer.session().epoch();
    return switch (kind) {
      case UNKNOWN_COMMAND -> sendings(command) == 0;
      case CONFLICT -> custody.of(device).mayBeNewer(epoch) || handedTo(command) > epoch;
      case COMMAND_OVER -> command.state().isFinal();
      default -> false;
    };
  }
}
