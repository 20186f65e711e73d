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
 * Devices that poll: shortly or for long, twice at a time, with a session that outlives the hub or
 * with a new one; that hang up, and give back what could not be written.
 *
 * <p>Threading: one thread.
 */
final class Callers {
  /** A poll that waits, or did. */
  private record Held(End end, Request.Poll call, Poll poll) {}

  private final Schedule schedule;
  private final Hall hall;
  private final Reference reference;
  private final Random random;
  private final List<Held> held = new ArrayList<>();
  private int calls;

  Callers(Schedule schedule, Hall hall, Reference reference, Random random) {
    this.schedule = schedule;
    this.hall = hall;
    this.reference = reference;
    this.random = random;
  }

  /** A device polls; mostly with the session that it had. */
  void call(String device) {
    if (hall.isOpen() && reference.isRegistered(device)) {
      End end = random.nextInt(4) == 0 ? null : known(device);
      call(end == null ? schedule.comes(device, Transport.HTTP) : end);
    }
  }

  private @Nullable End known(String device) {
    List<End> all =
        schedule.ends().stream()
            .filter(end -> end.polls() && !end.gone && end.session.device().equals(device))
            .filter(end -> end.session.epoch() > reference.goneUpTo(device))
            .sorted(Comparator.comparingLong(end -> end.session.epoch()))
            .toList();
    if (all.isEmpty()) {
      return null;
    }
    End last = all.getLast();
    if (reference.isReplaced(last.session)) {
      // It is told so as long as the newer one is there.
      return random.nextInt(4) == 0 ? last : null;
    }
    return schedule.isNewest(last.session) ? last : null;
  }

  private void call(End end) {
    Duration lease = Duration.ofMillis(1 + random.nextInt(20_000));
    Request.Poll call =
        new Request.Poll(end.session, 1 + random.nextInt(4), lease, calls++, receipt(end));
    reference.calls(call);
    if (random.nextInt(3) == 0) {
      fetch(end, call);
    } else {
      hold(end, call);
    }
  }

  /** Mostly the truth; sometimes it forgets what it has, or names what it has answered. */
  private Receipt receipt(End end) {
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

  /** A device that polls, or has a stream, opens one; the one before may be dead. */
  void stream(String device) {
    if (hall.isOpen() && reference.isRegistered(device)) {
      End known = random.nextInt(4) == 0 ? null : known(device);
      End end = known == null ? schedule.comes(device, Transport.HTTP) : known;
      Receipt receipt = receipt(end);
      schedule.note("stream", end.session, receipt);
      reference.custody().streams(end.session, receipt);
      hall.commands().attach(end.session, receipt, command -> schedule.deliver(end, command));
    }
  }

  private void fetch(End end, Request.Poll call) {
    schedule.note("fetch", call);
    Future<List<Command>> outcome =
        hall.commands().fetch(call.session(), call.most(), call.lease(), call.receipt());
    schedule.answered(
        call,
        outcome,
        commands -> {
          reference.fetched(call, commands);
          end.inbox.addAll(commands);
        });
  }

  private void hold(End end, Request.Poll call) {
    schedule.note("hold", call);
    Poll poll =
        commands -> {
          schedule.note("given", call, commands.stream().map(Command::name).toList());
          reference.given(call, commands);
          end.inbox.addAll(commands);
        };
    held.add(new Held(end, call, poll));
    schedule.answered(
        call,
        hall.commands().hold(call.session(), call.most(), call.lease(), call.receipt(), poll),
        done -> reference.waits(call));
  }

  /** Its time is over, or its client is gone: then what it was given meanwhile is given back. */
  void hangUp() {
    if (held.isEmpty()) {
      return;
    }
    Held over = held.remove(random.nextInt(held.size()));
    schedule.note("release", over.call());
    Session session = over.call().session();
    boolean rude = random.nextBoolean();
    hall.commands()
        .release(session, over.poll())
        .onSuccess(
            released -> {
              schedule.note("released", over.call());
              reference.released(over.call());
              if (rude) {
                giveBack(over.end(), over.end().inbox.size());
              }
            });
  }

  /** An answer that was not written; sometimes it is heard of late. */
  void giveBack() {
    List<End> candidates =
        schedule.ends().stream().filter(end -> end.polls() && !end.inbox.isEmpty()).toList();
    if (!candidates.isEmpty() && hall.isOpen()) {
      End end = candidates.get(random.nextInt(candidates.size()));
      giveBack(end, 1 + random.nextInt(end.inbox.size()));
    }
  }

  private void giveBack(End end, int count) {
    List<Command> given =
        new ArrayList<>(end.inbox.subList(end.inbox.size() - count, end.inbox.size()));
    end.inbox.removeAll(given);
    // What went on a stream is not given back: its end takes it back.
    given.removeIf(command -> command.timeline().getLast().until() == null);
    Request.GiveBack request = new Request.GiveBack(end.session, given);
    schedule.note(request);
    reference.asked(request);
    schedule.answered(
        request,
        hall.commands().giveBack(end.session, given),
        done -> reference.givenBack(request));
  }

  /** A device that never manages to read what it is given. */
  void wearOut(String device) {
    for (int i = 0; i < Reference.MOST_SENDINGS + 5; i++) {
      call(device);
      hall.run(Integer.MAX_VALUE);
      giveBack();
      hall.run(Integer.MAX_VALUE);
    }
  }

  /** The device was deleted: its sessions are ended. */
  void evict(String device) {
    List.copyOf(schedule.ends()).stream()
        .filter(end -> end.polls() && !end.gone && end.session.device().equals(device))
        .filter(end -> end.session.epoch() <= reference.goneUpTo(device))
        .forEach(schedule::disconnect);
  }

  /** The hub is no more; the devices and their sessions are. */
  void died() {
    held.clear();
  }
}
