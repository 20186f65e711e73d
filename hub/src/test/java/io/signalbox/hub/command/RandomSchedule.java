package io.signalbox.hub.command;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.FaultyCommandStore.Mode;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Operations on commands, in an order defined by a seed; the {@link ReferenceModel} records them.
 *
 * <p>Threading: one thread.
 */
final class RandomSchedule {
  private static final State[] ANSWERS = {
    State.ACCEPTED, State.ACCEPTED, State.SUCCEEDED, State.SUCCEEDED, State.FAILED, State.REJECTED
  };
  private static final List<Mode> MOODS = List.of(Mode.WELL, Mode.SLOW, Mode.FULL);
  private static final List<String> DEVICES = List.of("pump-7", "fan-1", "lamp-3");

  private final Random random;
  private final ManualClock clock = new ManualClock(1_764_000_000_000L);
  private final ReferenceModel reference = new ReferenceModel(clock::get);
  private final ScheduleHub hub;
  private final PollingClients callers;
  private final List<TestSession> ends = new ArrayList<>();
  private final List<Operation.Submit> keyed = new ArrayList<>();
  private final DeliveryExpectations expectations =
      new DeliveryExpectations(reference, clock::monotonicMillis);
  private final List<Object[]> story = new ArrayList<>();
  private final Map<String, Long> newest = new HashMap<>();
  private long epochs;
  private int made;
  private boolean wentBack;

  RandomSchedule(CommandDisk disk, long seed) {
    this.random = new Random(seed);
    this.hub = new ScheduleHub(disk, reference, clock, random);
    this.callers = new PollingClients(this, hub, reference, random);
    DEVICES.forEach(hub::register);
  }

  /** The last of what has happened, a line each. */
  String story() {
    return story.subList(Math.max(0, story.size() - 60), story.size()).stream()
        .map(Arrays::toString)
        .collect(Collectors.joining("\n"));
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      hub.run(random.nextInt(3) > 0 ? Integer.MAX_VALUE : random.nextInt(4));
      reference.check();
      if (random.nextInt(5) == 0) {
        rest();
      }
    }
    rest();
    clock.addAndGet(Duration.ofMinutes(5).toMillis());
    rest();
    reference.atTheEnd();
  }

  private void rest() {
    note("rest");
    wentBack = false;
    hub.rest();
    reference.atRest();
    expectations.atRest();
    reference.check();
  }

  private void step() {
    switch (random.nextInt(54)) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> submit(request(null));
      case 8 -> submit(request("key-" + made));
      case 9, 10 -> repeat();
      case 11, 12, 13, 14, 15 -> connect();
      case 16, 17 -> disconnect();
      case 18, 19, 20, 21, 22, 23, 24 -> answer();
      case 25 -> answerWhatever();
      case 26, 27 -> cancel();
      case 28, 29, 30 -> pass();
      case 31, 32 -> hub.tick();
      case 33, 34 -> waitFor();
      case 35 -> mood();
      case 36, 37, 38 -> release();
      case 39 -> kill();
      case 40 -> deleteOrRegister();
      case 41, 42, 43, 44, 45, 46 -> callers.call(device());
      case 47, 48, 49 -> callers.disconnect();
      case 50 -> callers.giveBack();
      case 51, 52 -> callers.stream(device());
      default -> seldom();
    }
  }

  private void seldom() {
    switch (random.nextInt(7)) {
      case 0 -> restart();
      case 1 -> reconnect();
      case 2 -> goBack();
      case 3 -> look();
      case 4 -> callers.wearOut(device());
      default -> kill();
    }
  }

  // ---- People and programs.

  private CommandRequest.Validated request(@Nullable String key) {
    made++;
    Duration ttl = Duration.ofSeconds(1 + random.nextInt(60));
    return new CommandRequest.Validated(
        "do-" + made,
        "{}",
        ttl,
        random.nextInt(4) == 0 ? (Long) (clock.get() + random.nextInt(30_000)) : null,
        random.nextInt(3) == 0 ? "collapse-" + random.nextInt(2) : null,
        "{\"ticket\":" + made + "}",
        key == null ? null : IdempotencyKey.of(key, List.of("do-" + made)),
        key == null && random.nextInt(4) == 0 ? "job-" + made : null,
        null);
  }

  private void submit(CommandRequest.Validated what) {
    Operation.Submit request = new Operation.Submit(device(), what);
    if (what.idempotencyKey() != null) {
      keyed.add(request);
    }
    submit(request);
  }

  private void submit(Operation.Submit request) {
    note(request);
    reference.asked(request);
    Future<Command> outcome = hub.commands().submit(request.device(), request.what(), "ann");
    answered(request, outcome, command -> reference.made(request, command));
  }

  /** A repeated request, as from a client without an answer; sometimes another with its key. */
  private void repeat() {
    if (keyed.isEmpty()) {
      return;
    }
    Operation.Submit first = keyed.get(random.nextInt(keyed.size()));
    IdempotencyKey key = Objects.requireNonNull(first.what().idempotencyKey());
    CommandRequest.Validated other = request(key.key());
    submit(new Operation.Submit(first.device(), random.nextInt(4) == 0 ? other : first.what()));
  }

  private void cancel() {
    Command command = some();
    if (command != null) {
      Operation.Cancel request = new Operation.Cancel(command.id());
      note(request);
      reference.asked(request);
      Future<Command> outcome = hub.commands().cancel(command.id(), "ann");
      answered(request, outcome, cancelled -> reference.cancelled(request, cancelled));
    }
  }

  private void deleteOrRegister() {
    String gone = DEVICES.stream().filter(reference::isFree).findAny().orElse(null);
    if (gone != null && hub.isOpen()) {
      note("register", gone);
      hub.register(gone);
    } else if (random.nextInt(3) == 0) {
      String device = device();
      Operation.Delete request = new Operation.Delete(device);
      note(request);
      reference.asked(request);
      FaultyCommandStore store = hub.store();
      long newest = epochs;
      Future<Void> outcome =
          hub.commands().deleteDevice(device, () -> store.delete(device, newest));
      answered(request, outcome, done -> reference.deleted(request));
      outcome.onComplete(done -> callers.evict(device));
    }
  }

  private void waitFor() {
    Command command = some();
    if (command != null) {
      note("wait for", command.id());
      expectations.add(hub.commands(), command, random);
    }
  }

  private void look() {
    Command command = some();
    if (command != null) {
      hub.commands().get(command.id()).onSuccess(seen -> expectations.seen(seen));
    }
  }

  // ---- Devices.

  private void connect() {
    String device = device();
    if (hub.isOpen() && reference.isRegistered(device)) {
      TestSession end = comes(device, Transport.WEBSOCKET);
      note("connect", end.session);
      reference.attached(end.session);
      hub.commands().attach(end.session, command -> deliver(end, command));
    }
  }

  /** A session that is newer than all before it. */
  TestSession comes(String device, Transport transport) {
    TestSession end = new TestSession(new Session(device, ++epochs, transport, "10.0.0.7", 0));
    ends.add(end);
    newest.put(device, epochs);
    return end;
  }

  /** Whether the device has had no session since. */
  boolean isNewest(Session session) {
    return session.epoch() >= newest.getOrDefault(session.device(), 0L);
  }

  /** Current sessions, ended ones, and those of pollers before a kill. */
  List<TestSession> ends() {
    return ends;
  }

  void deliver(TestSession line, Command command) {
    note("deliver", command.name(), line.session.epoch());
    reference.delivered(line.session, command);
    line.inbox.add(command);
  }

  /** Sometimes an older session, whose end is reported late or twice. */
  private void disconnect() {
    if (!ends.isEmpty()) {
      disconnect(ends.get(random.nextInt(ends.size())));
    }
  }

  void disconnect(TestSession line) {
    if (!hub.isOpen()) {
      return;
    }
    line.gone = true;
    note("disconnect", line.session);
    reference.detached(line.session);
    hub.commands().detach(line.session, SessionEnd.Cause.CLOSED);
  }

  /** Answers a delivered command, mostly the oldest; it may be answered again. */
  private void answer() {
    TestSession line =
        ends.isEmpty()
            ? null
            : ends.get(ends.size() - 1 - random.nextInt(Math.min(3, ends.size())));
    if (line != null && !line.inbox.isEmpty()) {
      int at = random.nextInt(3) == 0 ? random.nextInt(line.inbox.size()) : 0;
      Command command = random.nextInt(4) == 0 ? line.inbox.get(at) : line.inbox.remove(at);
      answer(line.session, command.id());
    }
  }

  /** Answers an undelivered command, another device's, or through an old session. */
  private void answerWhatever() {
    Command command = some();
    if (command != null && !ends.isEmpty()) {
      answer(ends.get(random.nextInt(ends.size())).session, command.id());
    }
  }

  private void answer(Session session, String id) {
    State status = ANSWERS[random.nextInt(ANSWERS.length)];
    Operation.Answer request = new Operation.Answer(session, id, status);
    note(request);
    reference.asked(request);
    Future<Void> outcome =
        hub.commands().result(session, new CommandResult(id, status, null, null));
    answered(request, outcome, done -> reference.taken(request));
  }

  /** A device that crashes on its commands repeatedly. */
  private void reconnect() {
    for (int i = 0; i < ReferenceModel.MOST_SENDINGS + 5; i++) {
      connect();
      hub.run(Integer.MAX_VALUE);
      if (!ends.isEmpty()) {
        disconnect(ends.getLast());
      }
      hub.run(Integer.MAX_VALUE);
    }
  }

  // ---- Time, the store and kills.

  private void pass() {
    long time = random.nextInt(20_000);
    note("pass", time);
    clock.addAndGet(time);
  }

  /** A clock that is set right, by less than what a retry waits for, and once between rests. */
  private void goBack() {
    if (!wentBack) {
      wentBack = true;
      note("back");
      hub.run(Integer.MAX_VALUE);
      clock.addAndGet(-random.nextInt(900));
      // The engine follows a clock step at its next tick.
      hub.tick();
      hub.run(Integer.MAX_VALUE);
    }
  }

  private void mood() {
    Mode mood = MOODS.get(random.nextInt(MOODS.size()));
    note(mood);
    hub.store().mood(mood);
  }

  private void release() {
    note("release");
    hub.store().release();
  }

  private void kill() {
    note("kill");
    died();
    expectations.died();
    hub.kill();
  }

  private void restart() {
    note("restart");
    hub.restart();
    died();
    expectations.closed();
  }

  /** Connections end with the hub; a poller's session continues if it was the present one. */
  private void died() {
    ends.removeIf(end -> !end.polls() || !isNewest(end.session));
    callers.died();
  }

  // ---- Texts.

  <T> void answered(Operation request, Future<T> outcome, Consumer<T> well) {
    outcome.onComplete(
        value -> {
          note("done", request);
          well.accept(value);
        },
        cause -> {
          note("refused", cause, request);
          reference.refused(request, kind(cause));
        });
  }

  private Refusal.ErrorCode kind(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal.kind();
    }
    reference.must(false, "this is no refusal: …", cause);
    throw new AssertionError(cause);
  }

  private String device() {
    int number = random.nextInt(5);
    return DEVICES.get(number > 2 ? 0 : number);
  }

  /** One of the newest. */
  private @Nullable Command some() {
    List<Command> all = reference.commands();
    int among = Math.min(all.size(), 8);
    return all.isEmpty() ? null : all.get(all.size() - 1 - random.nextInt(among));
  }

  void note(Object... words) {
    story.add(words);
  }
}
