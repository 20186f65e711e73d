package io.signalbox.hub.command;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Polling devices: short and long polls, two at a time, with a session that outlives the hub or
 * with a new one; with disconnects and returned commands.
 *
 * <p>Threading: one thread.
 */
final class PollingClients {
  /** A poll that waits, or did. */
  private record Held(TestSession end, Operation.Poll call, PollCommandSink poll) {}

  private final RandomSchedule schedule;
  private final ScheduleHub hub;
  private final ReferenceModel reference;
  private final Random random;
  private final List<Held> held = new ArrayList<>();
  private int calls;

  PollingClients(
      RandomSchedule schedule, ScheduleHub hub, ReferenceModel reference, Random random) {
    this.schedule = schedule;
    this.hub = hub;
    this.reference = reference;
    this.random = random;
  }

  /** A device polls; mostly with the session that it had. */
  void call(String device) {
    if (hub.isOpen() && reference.isRegistered(device)) {
      TestSession end = random.nextInt(4) == 0 ? null : known(device);
      call(end == null ? schedule.comes(device, Transport.HTTP) : end);
    }
  }

  private @Nullable TestSession known(String device) {
    List<TestSession> all =
        schedule.ends().stream()
            .filter(end -> end.polls() && !end.gone && end.session.device().equals(device))
            .filter(end -> end.session.epoch() > reference.goneUpTo(device))
            .sorted(Comparator.comparingLong(end -> end.session.epoch()))
            .toList();
    if (all.isEmpty()) {
      return null;
    }
    TestSession last = all.getLast();
    if (reference.isReplaced(last.session)) {
      // It is told so as long as the newer one is there.
      return random.nextInt(4) == 0 ? last : null;
    }
    return schedule.isNewest(last.session) ? last : null;
  }

  private void call(TestSession end) {
    Duration lease = Duration.ofMillis(1 + random.nextInt(20_000));
    Operation.Poll call =
        new Operation.Poll(end.session, 1 + random.nextInt(4), lease, calls++, receipt(end));
    reference.calls(call);
    if (random.nextInt(3) == 0) {
      fetch(end, call);
    } else {
      hold(end, call);
    }
  }

  /** Mostly correct; sometimes incomplete, or with commands that are answered already. */
  private Receipt receipt(TestSession end) {
    return switch (random.nextInt(4)) {
      case 0 -> Receipt.ALL;
      case 1 -> Receipt.UNKNOWN;
      default ->
          new Receipt.Of(
              end.inbox.stream()
                  .filter(command -> random.nextInt(8) > 0)
                  .map(Command::id)
                  .collect(Collectors.toSet()));
    };
  }

  /** A device that polls or has a stream opens a stream; the previous one may be dead. */
  void stream(String device) {
    if (hub.isOpen() && reference.isRegistered(device)) {
      TestSession known = random.nextInt(4) == 0 ? null : known(device);
      TestSession end = known == null ? schedule.comes(device, Transport.HTTP) : known;
      Receipt receipt = receipt(end);
      schedule.note("stream", end.session, receipt);
      reference.deliveries().streams(end.session, receipt);
      hub.commands().attach(end.session, receipt, command -> schedule.deliver(end, command));
    }
  }

  private void fetch(TestSession end, Operation.Poll call) {
    schedule.note("fetch", call);
    Future<List<Command>> outcome =
        hub.commands().fetch(call.session(), call.most(), call.lease(), call.receipt());
    schedule.answered(
        call,
        outcome,
        commands -> {
          reference.fetched(call, commands);
          end.inbox.addAll(commands);
        });
  }

  private void hold(TestSession end, Operation.Poll call) {
    schedule.note("hold", call);
    PollCommandSink poll =
        commands -> {
          schedule.note("given", call, commands.stream().map(Command::name).toList());
          reference.given(call, commands);
          end.inbox.addAll(commands);
        };
    held.add(new Held(end, call, poll));
    schedule.answered(
        call,
        hub.commands()
            .awaitCommands(call.session(), call.most(), call.lease(), call.receipt(), poll),
        done -> reference.waits(call));
  }

  /** Timeout or disconnect: commands delivered meanwhile are returned. */
  void disconnect() {
    if (held.isEmpty()) {
      return;
    }
    Held over = held.remove(random.nextInt(held.size()));
    schedule.note("release", over.call());
    Session session = over.call().session();
    boolean rude = random.nextBoolean();
    hub.commands()
        .cancelPoll(session, over.poll())
        .onSuccess(
            released -> {
              schedule.note("released", over.call());
              reference.released(over.call());
              if (rude) {
                giveBack(over.end(), over.end().inbox.size());
              }
            });
  }

  /** A response that was not written; sometimes reported late. */
  void giveBack() {
    List<TestSession> candidates =
        schedule.ends().stream().filter(end -> end.polls() && !end.inbox.isEmpty()).toList();
    if (!candidates.isEmpty() && hub.isOpen()) {
      TestSession end = candidates.get(random.nextInt(candidates.size()));
      giveBack(end, 1 + random.nextInt(end.inbox.size()));
    }
  }

  private void giveBack(TestSession end, int count) {
    List<Command> given =
        new ArrayList<>(end.inbox.subList(end.inbox.size() - count, end.inbox.size()));
    end.inbox.removeAll(given);
    // What went on a stream is not given back: its end takes it back.
    given.removeIf(command -> command.timeline().getLast().leaseExpires() == null);
    Operation.GiveBack request = new Operation.GiveBack(end.session, given);
    schedule.note(request);
    reference.asked(request);
    schedule.answered(
        request,
        hub.commands().returnUndelivered(end.session, given),
        done -> reference.givenBack(request));
  }

  /** A device that never reads its commands. */
  void wearOut(String device) {
    for (int i = 0; i < ReferenceModel.MOST_SENDINGS + 5; i++) {
      call(device);
      hub.run(Integer.MAX_VALUE);
      giveBack();
      hub.run(Integer.MAX_VALUE);
    }
  }

  /** The device was deleted: its sessions are ended. */
  void evict(String device) {
    List.copyOf(schedule.ends()).stream()
        .filter(end -> end.polls() && !end.gone && end.session.device().equals(device))
        .filter(end -> end.session.epoch() <= reference.goneUpTo(device))
        .forEach(schedule::disconnect);
  }

  /** The hub was killed; devices and their sessions remain. */
  void died() {
    held.clear();
  }
}
