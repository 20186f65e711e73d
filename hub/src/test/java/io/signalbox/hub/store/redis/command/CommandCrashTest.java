package io.signalbox.hub.store.redis.command;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandStore.AppendResult.Appended;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands after the death of the Redis process. */
class CommandCrashTest {
  private static final int DEVICES = 8;
  private static final int BEFORE_KILL = 1_000;

  private final RedisServer server = RedisServer.start();
  private final Vertx vertx = Vertx.vertx();
  private final RedisKeys names = new RedisKeys("crash", 2);
  private final CommandKeys keys = new CommandKeys(names);
  private final EventStreams events = new EventStreams(names, "node", 1_000_000);
  private final List<RedisLink> links = new ArrayList<>();
  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Long> revisions = new ConcurrentHashMap<>();
  private final AtomicInteger appends = new AtomicInteger();

  @AfterEach
  void close() {
    links.forEach(link -> answer(link.close()));
    answer(vertx.close());
    server.close();
  }

  private RedisLink link() {
    RedisLink link = answer(RedisLink.open(vertx, server.url()));
    links.add(link);
    return link;
  }

  private RedisLink linkOnceItHasReadItsFile() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreException(IllegalStateException.class)
        .until(this::link, Objects::nonNull);
  }

  @Test
  void what_was_acknowledged_is_there_and_nothing_is_half_done() throws InterruptedException {
    List<String> devices = IntStream.range(0, DEVICES).mapToObj(i -> "device-" + i).toList();
    RedisLink first = link();
    RedisFleetDevices registry = new RedisFleetDevices(first, names);
    RedisCommandStore before = new RedisCommandStore(first, names, events);
    devices.forEach(registry::register);
    List<Future<Void>> writers = devices.stream().map(device -> write(before, device, 0)).toList();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> appends.get() > BEFORE_KILL);

    server.kill();
    Future.join(writers).otherwiseEmpty().await();
    server.restart();

    RedisLink second = linkOnceItHasReadItsFile();
    RedisCommandStore store = new RedisCommandStore(second, names, events);
    acknowledged.forEach(
        (id, version) ->
            assertThat(answer(store.get(id)).orElseThrow().version())
                .isGreaterThanOrEqualTo(version));
    long total = 0;
    for (String device : devices) {
      total += check(second, store, device);
    }
    long published = 0;
    for (int partition : names.all().toArray()) {
      published += send(second, io.vertx.redis.client.Command.XLEN, events.in(partition)).toLong();
    }
    assertThat(published).isEqualTo(total);
  }

  /** Makes commands with three steps each until an append fails. */
  private Future<Void> write(RedisCommandStore store, String device, int number) {
    Command made = Commands.made(device + "-" + number, device, 1_000);
    Command sent = Commands.after(made, State.SENT);
    // One in eight stays as it was sent.
    List<Command> last =
        number % 8 == 0 ? List.of() : List.of(Commands.after(sent, State.SUCCEEDED));
    return append(store, made)
        .compose(done -> append(store, sent))
        .compose(done -> last.isEmpty() ? Future.succeededFuture() : append(store, last.getFirst()))
        .compose(done -> write(store, device, number + 1));
  }

  private Future<Void> append(RedisCommandStore store, Command step) {
    return store
        .append(revisions.getOrDefault(step.device(), 0L), List.of(step), null)
        .onSuccess(
            result -> {
              revisions.put(step.device(), ((Appended) result).revision());
              acknowledged.put(step.id(), step.version());
              appends.incrementAndGet();
            })
        .mapEmpty();
  }

  /** Compares all that is stored for a device; returns the number of its appends. */
  private long check(RedisLink link, RedisCommandStore store, String device) {
    int partition = names.partitionOf(device);
    long revision = answer(store.unfinished(device)).revision();
    List<Command> all =
        members(link, keys.list(device)).stream()
            .map(id -> answer(store.get(id)).orElseThrow())
            .toList();
    List<String> unfinished =
        all.stream().filter(one -> !one.state().isFinal()).map(Command::id).toList();

    long last = revisions.getOrDefault(device, 0L);
    assertThat(revision).isBetween(last, last + 1);
    assertThat(all.stream().mapToLong(Command::version).sum()).isEqualTo(revision);
    assertThat(members(link, keys.queue(device))).hasSameElementsAs(unfinished);
    assertThat(members(link, keys.due(partition)).contains(device))
        .isEqualTo(!unfinished.isEmpty());
    Set<String> sent = new HashSet<>(members(link, keys.sent(partition)));
    Set<String> ended = new HashSet<>(members(link, keys.ended(partition)));
    for (Command command : all) {
      State is = command.state();
      assertThat(sent.contains(device + " " + command.id())).isEqualTo(is == State.SENT);
      assertThat(ended.contains(command.id())).isEqualTo(is.isFinal());
      for (State state : List.of(State.QUEUED, State.SENT, State.SUCCEEDED)) {
        Response score =
            send(
                link,
                io.vertx.redis.client.Command.ZSCORE,
                keys.in(partition, state),
                command.id());
        assertThat(score != null).isEqualTo(is == state);
      }
    }
    return revision;
  }

  private static List<String> members(RedisLink link, String index) {
    return RedisCommandStore.texts(
        send(link, io.vertx.redis.client.Command.ZRANGE, index, "0", "-1"));
  }

  private static Response send(
      RedisLink link, io.vertx.redis.client.Command command, String... args) {
    Request request = Request.cmd(command);
    for (String arg : args) {
      request.arg(arg);
    }
    return answer(link.send(request));
  }
}
