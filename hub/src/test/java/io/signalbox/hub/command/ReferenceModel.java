package io.signalbox.hub.command;

import static io.signalbox.hub.command.DeliveryCounts.hasNewer;
import static io.signalbox.hub.command.DeliveryCounts.sendings;
import static io.signalbox.hub.command.DeliveryCounts.underWay;
import static io.signalbox.hub.command.DeliveryCounts.unfinished;
import static io.signalbox.hub.model.Command.State.ACCEPTED;
import static io.signalbox.hub.model.Command.State.CANCELLED;
import static io.signalbox.hub.model.Command.State.QUEUED;
import static io.signalbox.hub.model.Command.State.SENT;

import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reference model of commands, written as simply as possible. It records all inputs and outputs of
 * the engine (requests and responses, sessions, kills), and all that the engine decides, makes
 * durable, delivers and publishes; a violation is an {@link AssertionError} with a sentence.
 *
 * <p>While operations are in progress, the sessions that a device {@linkplain
 * SessionTracker#mayBePresent may have} are several; at {@linkplain #atRest rest} everything is
 * exact.
 */
final class ReferenceModel {
  static final CommandSettings SETTINGS = new CommandSettings(5, 3, 100, Duration.ofDays(365));
  static final int MOST_SENDINGS = 100;

  private final LongSupplier clock;

  /** The durable commands, in order of creation. */
  private final Map<String, Command> kept = new LinkedHashMap<>();

  private final RegisteredDevices devices = new RegisteredDevices();
  private final Map<String, String> keys = new HashMap<>();
  private final Set<Operation> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, Integer> published = new HashMap<>();
  private final PollExpectations calls = new PollExpectations(this);
  private final DeliveryTracker deliveries = new DeliveryTracker(calls);
  private final AllowedRefusals refusals = new AllowedRefusals(kept, devices, keys, deliveries);
  private final List<AssertionError> lies = new ArrayList<>();

  ReferenceModel(LongSupplier clock) {
    this.clock = clock;
  }

  // ---- Inputs.

  void asked(Operation request) {
    open.add(request);
  }

  void registered(String device) {
    devices.add(device);
  }

  boolean isRegistered(String device) {
    return devices.has(device);
  }

  /** Whether the id can be registered: no deletion has still to end its commands. */
  boolean isFree(String device) {
    return !isRegistered(device)
        && !any(it -> it instanceof Operation.Delete gone && gone.device().equals(device));
  }

  /** Sessions up to this one end with the device. */
  void deleted(String device, long newest) {
    devices.remove(device);
    keys.keySet().removeIf(key -> key.startsWith(device + " "));
    deliveries.deleted(device, newest);
  }

  /** The newest session of the deleted device with this id. */
  long goneUpTo(String device) {
    return deliveries.goneUpTo(device);
  }

  /** Whether a newer session is present. */
  boolean isReplaced(Session session) {
    return deliveries.of(session.device()).present() > session.epoch();
  }

  void calls(Operation.Poll poll) {
    asked(poll);
    attached(poll.session());
    calls.came(poll);
  }

  void released(Operation.Poll poll) {
    calls.over(poll);
  }

  void attached(Session session) {
    deliveries.attached(session);
  }

  DeliveryTracker deliveries() {
    return deliveries;
  }

  void detached(Session session) {
    deliveries.detached(session);
  }

  /** The process was killed: no sessions, and no more responses. */
  void died() {
    deliveries.died();
    open.clear();
    calls.died(kept.values());
    kept.forEach((id, command) -> published.put(id, command.version()));
  }

  // ---- Actions of the engine.

  /** The engine is about to make these steps durable, all or none. */
  void decided(List<Command> steps) {
    Map<String, Command> sofar = new LinkedHashMap<>(kept);
    for (Command step : steps) {
      Command before = sofar.get(step.id());
      if (before == null) {
        checkMaking(step, sofar.values());
      } else {
        checkStep(before, step, sofar.values());
      }
      sofar.put(step.id(), step);
    }
  }

  /** The steps are durable. */
  void kept(List<Command> steps, @Nullable IdempotencyKey token) {
    for (Command step : steps) {
      if (step.version() == 1) {
        devices.made(step);
        if (token != null) {
          String before = keys.put(step.device() + " " + token.key(), step.id());
          must(before == null, "… and … are one request", before, step);
        }
      }
      kept.put(step.id(), step);
    }
  }

  /** The engine publishes a step: each once, in order, and only durable ones. */
  void published(Command command) {
    must(stands(command), "an event tells of …, which is not durable", command);
    int before = published.getOrDefault(command.id(), 0);
    must(command.version() == before + 1, "the event after version … is …", before, command);
    published.put(command.id(), command.version());
  }

  /** The engine delivers a command to a session. */
  void delivered(Session session, Command command) {
    checkDelivery(command);
    must(command.timeline().getLast().leaseExpires() == null, "… has a lease", command);
    calls.delivered(session, command);
  }

  /** The engine delivers commands to a held poll. */
  void given(Operation.Poll poll, List<Command> commands) {
    commands.forEach(this::checkDelivery);
    calls.checkOrder(poll, commands, unfinished(kept.values(), poll.session().device()));
    calls.given(poll, commands);
  }

  private void checkDelivery(Command command) {
    must(command.equals(kept.get(command.id())), "… is delivered, and is not so", command);
    must(!devices.isOfFormer(command), "… is for another device of that id", command);
  }

  // ---- Responses.

  /** A new command was acknowledged. */
  void made(Operation.Submit request, Command answer) {
    open.remove(request);
    must(stands(answer), "… was answered, and is not durable", answer);
    must(answer.device().equals(request.device()), "… is of another device", answer);
    must(answer.name().equals(request.what().name()), "… is not what was asked for", answer);
  }

  /** A command was cancelled. */
  void cancelled(Operation.Cancel request, Command answer) {
    open.remove(request);
    must(answer.state() == CANCELLED && stands(answer), "… is answered as cancelled", answer);
  }

  /** An answer of a device was accepted. */
  void taken(Operation.Answer request) {
    open.remove(request);
    Command command = find(request.id());
    must(command.state() == request.status(), "… was taken of …", request, command);
  }

  /** A poll is held, or got commands. */
  void waits(Operation.Poll poll) {
    open.remove(poll);
    calls.waits(poll);
  }

  /** A poll received these, in the state at their delivery. */
  void fetched(Operation.Poll poll, List<Command> commands) {
    open.remove(poll);
    commands.forEach(command -> must(stands(command), "… is not durable", command));
    calls.taken(poll, commands);
    calls.waits(poll);
    calls.over(poll);
  }

  /** Returned commands are not with the device. */
  void givenBack(Operation.GiveBack request) {
    open.remove(request);
    for (Command given : request.given()) {
      boolean still = given.equals(kept.get(given.id()));
      must(!still || given.state() != SENT, "… is still sent after …", given, request);
    }
  }

  /** A device was deleted. */
  void deleted(Operation.Delete request) {
    open.remove(request);
    List<Command> left =
        unfinished(kept.values(), request.device()).stream().filter(devices::isOfFormer).toList();
    must(left.isEmpty(), "… is deleted, and has …", request.device(), left);
  }

  /** A request was refused; checks that the refusal is justified. */
  void refused(Operation request, Refusal.ErrorCode kind) {
    open.remove(request);
    if (request instanceof Operation.Poll poll) {
      calls.failed(poll);
    }
    if (kind == Refusal.ErrorCode.UNAVAILABLE) {
      return;
    }
    must(refusals.mayBe(request, kind), "… is refused as …, but …", request, kind, kept);
  }

  private void checkMaking(Command made, Collection<Command> sofar) {
    must(made.state() == QUEUED && made.version() == 1, "… is new", made);
    must(any(request -> request.isFor(made)), "nobody wants …", made);
    List<Command> others = unfinished(sofar, made.device());
    long waiting =
        others.stream()
            .filter(c -> c.state() == QUEUED)
            .filter(c -> made.collapse() == null || !made.collapse().equals(c.collapse()))
            .count();
    must(waiting < SETTINGS.maxQueued(), "… is one too many", made);
    must(others.size() <= 4 * SETTINGS.maxQueued(), "… is one too many", made);
  }

  private void checkStep(Command before, Command after, Collection<Command> all) {
    Step step = after.timeline().getLast();
    State was = before.state();
    long now = clock.getAsLong();
    boolean isWorn = was == SENT && sendings(before) == MOST_SENDINGS;
    must(DeliveryCounts.isOneStepOn(before, after), "… follows on …", after, before);
    must(step.ts() >= before.timeline().getLast().ts(), "time goes back in …", after);
    must(!was.isFinal(), "… was over: …", before, step);
    must(
        switch (step.state()) {
          case QUEUED -> was == SENT && isLost(before, now) && sendings(before) < MOST_SENDINGS;
          case SENT -> was == QUEUED && maySend(before, step, all, now);
          case ACCEPTED -> was != ACCEPTED && isAnswer(before, step);
          case SUCCEEDED, REJECTED -> isAnswer(before, step);
          case FAILED -> isAnswer(before, step) || (isWorn && isLost(before, now));
          case EXPIRED -> before.expires() <= now;
          case CANCELLED ->
              devices.isOfFormer(before) || (was == QUEUED && any(r -> r.takesBack(before)));
          case SUPERSEDED -> was == QUEUED && hasNewer(before, all);
        },
        "may not become …: …",
        step,
        before);
  }

  private boolean maySend(Command command, Step step, Collection<Command> all, long now) {
    List<Command> others = unfinished(all, command.device());
    boolean first =
        others.stream()
            .filter(other -> other.state() == QUEUED && other.notBefore() <= now)
            .findFirst()
            .equals(Optional.of(command));
    return deliveries.mayGo(command.device(), step, now)
        && command.notBefore() <= now
        && command.expires() > now
        && underWay(all, command.device()) < SETTINGS.maxInFlight()
        && (first || calls.wasNamed(command))
        && !devices.isOfFormer(command);
  }

  private boolean isAnswer(Command command, Step step) {
    return sendings(command) > 0 && any(r -> r.answers(command, step));
  }

  private boolean any(Predicate<Operation> what) {
    return open.stream().anyMatch(what);
  }

  private boolean isLost(Command command, long now) {
    return deliveries.mayBeLost(command, now)
        || calls.mayBeDoubted(command)
        || any(request -> request.givesBack(command));
  }

  // ---- At rest.

  /** No operation is in progress and the timer has run: all due work must be done. */
  void atRest() {
    long now = clock.getAsLong();
    must(open.isEmpty(), "nobody has answered …", open);
    deliveries.settle();
    devices.settle();
    for (Command command : kept.values()) {
      must(
          published.getOrDefault(command.id(), 0) == command.version(),
          "not all was told of …",
          command);
      if (!command.state().isFinal()) {
        checkAtRest(command, now);
      }
    }
  }

  private void checkAtRest(Command command, long now) {
    must(command.expires() > now, "should have expired: …", command);
    must(!devices.isOfFormer(command), "… is for nobody", command);
    boolean isOutdated = command.state() == QUEUED && hasNewer(command, kept.values());
    must(!isOutdated, "should be superseded: …", command);
    if (command.state() == SENT) {
      must(deliveries.mayBeWithDevice(command, now), "should be queued: …", command);
      must(calls.isDelivered(command), "… was not delivered", command);
    }
    if (command.state() == QUEUED
        && deliveries.isOpen(command.device())
        && command.notBefore() <= now) {
      boolean isFull = underWay(kept.values(), command.device()) == SETTINGS.maxInFlight();
      must(isFull || calls.mayHoldBack(command), "should be sent: …", command);
    }
  }

  /** Checks that every command is final. */
  void atTheEnd() {
    kept.values().forEach(c -> must(c.state().isFinal(), "… never ends", c));
  }

  // ---- Texts.
  List<Command> commands() {
    return new ArrayList<>(kept.values());
  }

  /** The latest published version of a command. */
  int publishedVersionOf(String id) {
    return published.getOrDefault(id, 0);
  }

  Command find(String id) {
    return Objects.requireNonNull(kept.get(id), id);
  }

  /** Whether it is, or was, durable so. */
  private boolean stands(Command command) {
    Command present = kept.get(command.id());
    return present != null && DeliveryCounts.wasOnce(present, command);
  }

  /** Throws and records the failure, because the caller may catch it. */
  void must(boolean so, String otherwise, @Nullable Object... words) {
    if (!so) {
      AssertionError lie = new AssertionError(otherwise + " " + Arrays.toString(words));
      lies.add(lie);
      throw lie;
    }
  }

  /** Fails if any violation was recorded. */
  void check() {
    if (!lies.isEmpty()) {
      throw lies.getFirst();
    }
  }
}
