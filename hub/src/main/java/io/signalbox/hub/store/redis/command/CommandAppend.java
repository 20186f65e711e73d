package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.command.CommandStore.AppendResult;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.CommandUpdate;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The append of steps to the queue of a device: one script, without a read before it. The functions
 * for jobs are only in the script for commands of jobs.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class CommandAppend {
  private static final RedisScript APPEND =
      RedisScript.of(CommandAppend.class, "append.lua", "command");
  private static final RedisScript APPEND_OF_JOBS =
      RedisScript.of(CommandAppend.class, "append.lua", "command", "execution");

  private final RedisLink link;
  private final CommandKeys keys;
  private final EventStreams events;

  CommandAppend(RedisLink link, CommandKeys keys, EventStreams events) {
    this.link = link;
    this.keys = keys;
    this.events = events;
  }

  Future<AppendResult> run(long revision, List<Command> steps, @Nullable Claim claim) {
    String device = steps.getFirst().device();
    Collection<CommandUpdate> updates = CommandUpdate.of(steps);
    boolean ofJobs = updates.stream().anyMatch(update -> update.command().job() != null);
    List<String> named = keys(device);
    List<Object> args = args(device, revision, steps, claim);
    for (CommandUpdate update : updates) {
      addKeys(named, update);
      addArgs(args, update);
    }
    return link.run(ofJobs ? APPEND_OF_JOBS : APPEND, named, args.toArray())
        .map(result -> result(device, result));
  }

  private List<String> keys(String device) {
    int partition = keys.keys().partitionOf(device);
    return new ArrayList<>(
        List.of(
            keys.device(device),
            keys.queue(device),
            keys.list(device),
            keys.idempotency(device),
            keys.idempotencyTimes(device),
            keys.due(partition),
            keys.sent(partition),
            keys.ended(partition),
            keys.sequence(partition),
            events.in(partition),
            keys.parts().waiting(partition)));
  }

  private List<Object> args(
      String device, long revision, List<Command> steps, @Nullable Claim claim) {
    List<Event.CommandChanged> changes = steps.stream().map(Event.CommandChanged::new).toList();
    List<Object> args = new ArrayList<>(32);
    args.add(device);
    args.add(revision);
    args.add(claim == null ? "" : claim.key().key());
    args.add(claim == null ? 0 : claim.since());
    args.add(claim == null ? "" : claim.key().fingerprint());
    args.add(events.node());
    args.add(events.maxEntries());
    args.add(events.encode(changes));
    return args;
  }

  private void addKeys(List<String> named, CommandUpdate update) {
    Command command = update.command();
    int partition = keys.keys().partitionOf(command.device());
    State is = command.state();
    State was = update.from() == 0 ? is : command.timeline().get(update.from() - 1).state();
    named.add(keys.command(partition, command.id()));
    named.add(keys.in(partition, was));
    named.add(keys.in(partition, is));
    String job = command.job();
    if (job != null) {
      named.add(keys.jobCommands(partition, job));
      named.add(keys.jobDevices(partition, job));
      named.addAll(keys.parts().in(job, partition));
    }
  }

  private static void addArgs(List<Object> args, CommandUpdate update) {
    Command command = update.command();
    Command.Step last = command.timeline().getLast();
    args.add(command.id());
    args.add(update.from());
    args.add(command.version());
    args.add(CommandKeys.word(last.state()));
    args.add(command.created());
    args.add(command.notBefore());
    args.add(command.expires());
    args.add(CommandText.word(command.expectedBy()));
    args.add(CommandText.word(last.leaseExpires()));
    args.add(last.state().isFinal() ? Long.toString(last.ts()) : "");
    args.add(command.job() == null ? "" : command.job());
    args.add(CommandText.rest(command));
  }

  private static AppendResult result(String device, Response result) {
    return switch (result.get(0).toString()) {
      case "appended" -> new AppendResult.Appended(result.get(1).toLong());
      case "conflict" -> new AppendResult.Conflict(result.get(1).toLong());
      case "made" ->
          new AppendResult.AlreadyMade(
              new FirstUse(result.get(1).toString(), result.get(2).toString()));
      case "unknown-device" ->
          throw new Refusal(ErrorCode.UNKNOWN_DEVICE, "there is no device " + device);
      default -> throw CommandUpdate.changed(result.get(1).toString());
    };
  }
}
