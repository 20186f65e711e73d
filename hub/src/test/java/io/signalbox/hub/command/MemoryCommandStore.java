package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commands in maps, with the same contract as the table: the disk of a test is the object itself.
 *
 * <p>Threading: any thread; futures are complete when they are given.
 */
final class MemoryCommandStore implements CommandStore {
  private final Map<String, Integer> places = new HashMap<>();
  private final TreeMap<Integer, Command> commands = new TreeMap<>();
  private final Map<String, Set<Integer>> unfinished = new HashMap<>();
  private final Map<String, IdempotencyKey> tokens = new HashMap<>();
  private final Set<String> devices = new HashSet<>();

  /** How many commands there were of anybody when the device was registered. */
  private final Map<String, Integer> floors = new HashMap<>();

  private final Map<String, Long> revisions = new HashMap<>();

  /** The revision with which the queue of a device begins. */
  private long firstRevision;

  synchronized void register(String device) {
    if (devices.add(device)) {
      floors.put(device, places.size());
      revisions.put(device, firstRevision);
    }
  }

  synchronized boolean isRegistered(String device) {
    return devices.contains(device);
  }

  /** As the tables do it: the keys of requests go with the device. */
  synchronized boolean delete(String device) {
    Long last = revisions.remove(device);
    firstRevision = 1 + Math.max(firstRevision, last == null ? 0 : last);
    tokens.keySet().removeIf(id -> command(id).device().equals(device));
    return devices.remove(device);
  }

  @Override
  public synchronized Future<AppendResult> append(
      long revision, List<Command> steps, @Nullable Claim claim) {
    String device = steps.getFirst().device();
    Optional<FirstUse> first =
        claim == null ? Optional.empty() : firstUse(device, claim.key().key(), claim.since());
    if (first.isPresent()) {
      return Future.succeededFuture(new AppendResult.AlreadyMade(first.get()));
    }
    if (revision != revision(device)) {
      return Future.succeededFuture(new AppendResult.Conflict(revision(device)));
    }
    Map<String, Command> after = new HashMap<>();
    for (Command step : steps) {
      Command before = after.containsKey(step.id()) ? after.get(step.id()) : find(step.id());
      Refusal refusal = refusal(step, before);
      if (refusal != null) {
        return Future.failedFuture(refusal);
      }
      after.put(step.id(), step);
    }
    steps.forEach(step -> put(step, claim == null ? null : claim.key()));
    if (devices.contains(device)) {
      revisions.put(device, revision + 1);
    }
    return Future.succeededFuture(new AppendResult.Appended(revision(device)));
  }

  private long revision(String device) {
    return revisions.getOrDefault(device, 0L);
  }

  private @Nullable Refusal refusal(Command step, @Nullable Command before) {
    int kept = before == null ? 0 : before.version();
    if (step.version() == 1 && !devices.contains(step.device())) {
      return unknown(step.device());
    }
    boolean second =
        step.version() == 1
            && step.job() != null
            && commands.values().stream()
                .anyMatch(c -> step.job().equals(c.job()) && c.device().equals(step.device()));
    return step.version() != kept + 1 || second
        ? new Refusal(
            ErrorCode.CONFLICT, "command %s was changed concurrently".formatted(step.id()))
        : null;
  }

  private void put(Command step, @Nullable IdempotencyKey token) {
    Integer place = places.computeIfAbsent(step.id(), id -> places.size() + 1);
    commands.put(place, step);
    Set<Integer> open = unfinished.computeIfAbsent(step.device(), device -> new HashSet<>());
    if (step.state().isFinal()) {
      open.remove(place);
    } else {
      open.add(place);
    }
    if (step.version() == 1 && token != null) {
      tokens.put(step.id(), token);
    }
  }

  @Override
  public synchronized Future<Optional<Command>> get(String id) {
    return Future.succeededFuture(Optional.ofNullable(find(id)));
  }

  @Nullable Command find(String id) {
    Integer place = places.get(id);
    return place == null ? null : commands.get(place);
  }

  private Command command(String id) {
    return Optional.ofNullable(find(id)).orElseThrow();
  }

  @Override
  public synchronized Future<QueueSnapshot> unfinished(String device) {
    List<Command> open =
        unfinished.getOrDefault(device, Set.of()).stream().sorted().map(commands::get).toList();
    return Future.succeededFuture(new QueueSnapshot(open, revision(device)));
  }

  @Override
  public synchronized Future<Optional<FirstUse>> original(String device, String key, long since) {
    return Future.succeededFuture(firstUse(device, key, since));
  }

  private Optional<FirstUse> firstUse(String device, String key, long since) {
    return newestFirst(c -> c.device().equals(device) && c.created() >= since)
        .filter(c -> isKey(key, tokens.get(c.id())))
        .map(c -> original(c.id(), tokens.get(c.id())))
        .findFirst();
  }

  private static boolean isKey(String key, @Nullable IdempotencyKey token) {
    return token != null && token.key().equals(key);
  }

  private static FirstUse original(String id, @Nullable IdempotencyKey token) {
    return new FirstUse(id, Objects.requireNonNull(token).fingerprint());
  }

  @Override
  public synchronized Future<List<String>> awaitingAnswer(String after, int limit) {
    return devices(
        open()
            .filter(c -> c.state() == State.SENT && c.device().compareTo(after) > 0)
            .sorted(Comparator.comparing(Command::device)),
        limit);
  }

  @Override
  public synchronized Future<List<String>> orphaned(int limit) {
    return devices(open().filter(c -> !devices.contains(c.device())), limit);
  }

  @Override
  public synchronized Future<List<String>> due(long now, int limit) {
    return devices(
        open().filter(c -> c.expires() <= now).sorted(Comparator.comparingLong(Command::expires)),
        limit);
  }

  @Override
  public synchronized Future<Void> moveDeadlines(ClockStep step) {
    for (Command command : open().toList()) {
      if (command.created() <= step.madeUntil() && command.notBefore() <= step.to()) {
        Integer place = Objects.requireNonNull(places.get(command.id()));
        commands.put(place, moved(command, step));
      }
    }
    return Future.succeededFuture();
  }

  private static Command moved(Command command, ClockStep step) {
    boolean begins = command.notBefore() > step.from();
    Long expected = command.expectedBy();
    return new Command(
        command.id(),
        command.device(),
        command.name(),
        command.params(),
        command.created(),
        command.expires() + (begins ? step.to() - command.notBefore() : step.millis()),
        command.notBefore(),
        expected == null || command.state() != State.QUEUED
            ? expected
            : (Long) (expected + step.millis()),
        command.collapse(),
        command.metadata(),
        command.job(),
        command.result(),
        command.error(),
        timeline(command, step));
  }

  private static List<Command.Step> timeline(Command command, ClockStep clock) {
    List<Command.Step> steps = new ArrayList<>(command.timeline());
    Command.Step last = steps.removeLast();
    Long until = last.leaseExpires();
    steps.add(
        until == null || last.state() != State.SENT
            ? last
            : new Command.Step(
                last.state(),
                last.ts(),
                last.node(),
                last.session(),
                last.transport(),
                last.by(),
                last.reason(),
                (Long) (until + clock.millis())));
    return steps;
  }

  private Stream<Command> open() {
    return unfinished.values().stream().flatMap(Set::stream).sorted().map(commands::get);
  }

  private static Future<List<String>> devices(Stream<Command> commands, int limit) {
    return Future.succeededFuture(commands.map(Command::device).distinct().limit(limit).toList());
  }

  @Override
  public synchronized Future<Page<Command>> list(CommandQuery query) {
    if (query.device() != null && !devices.contains(query.device())) {
      return Future.failedFuture(unknown(query.device()));
    }
    List<Command> all = newestFirst(command -> isWanted(command, query)).toList();
    int from;
    try {
      from = query.cursor() == null ? 0 : Integer.parseInt(query.cursor());
    } catch (NumberFormatException notOurs) {
      return Future.failedFuture(
          new Refusal(ErrorCode.INVALID, "cursor", "cursor was never given"));
    }
    int to = Math.min(all.size(), from + query.limit());
    String next = to < all.size() ? Integer.toString(to) : null;
    return Future.succeededFuture(new Page<>(all.subList(from, to), next, all.size()));
  }

  private static Refusal unknown(String device) {
    return new Refusal(ErrorCode.UNKNOWN_DEVICE, "there is no device " + device);
  }

  private boolean isOf(String device, Command command) {
    return device.equals(command.device())
        && places.getOrDefault(command.id(), 0) > floors.getOrDefault(device, 0);
  }

  private boolean isWanted(Command command, CommandQuery query) {
    return (query.device() == null || isOf(query.device(), command))
        && (query.job() == null || query.job().equals(command.job()))
        && (query.states().isEmpty() || query.states().contains(command.state()));
  }

  private Stream<Command> newestFirst(Predicate<Command> wanted) {
    return commands.descendingMap().values().stream().filter(wanted);
  }

  @Override
  public synchronized Future<Integer> trim(long endedBefore, int limit) {
    List<Command> old =
        commands.values().stream()
            .filter(c -> c.state().isFinal() && c.timeline().getLast().ts() < endedBefore)
            .sorted(Comparator.comparingLong(c -> c.timeline().getLast().ts()))
            .limit(limit)
            .toList();
    old.forEach(this::forget);
    return Future.succeededFuture(old.size());
  }

  private void forget(Command command) {
    commands.remove(places.put(command.id(), -1));
    tokens.remove(command.id());
  }

  /** Everything that is kept, oldest first. */
  List<Command> all() {
    return new ArrayList<>(commands.values());
  }
}
