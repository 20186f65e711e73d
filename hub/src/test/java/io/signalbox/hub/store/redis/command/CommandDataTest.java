package io.signalbox.hub.store.redis.command;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.command.CommandStore.AppendResult.Appended;
import io.signalbox.hub.command.CommandStore.ClockStep;
import io.signalbox.hub.command.UuidV7Generator;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisTest;
import io.signalbox.hub.store.redis.job.RedisJobStore;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What commands leave in Redis. */
class CommandDataTest {
  private static final String DEVICE = "pump-7";

  private final RedisTest redis = new RedisTest();
  private final RedisLink link = redis.link();
  private final EventStreams events = new EventStreams(redis.keys(), "node", 1_000);
  private final CommandKeys keys = new CommandKeys(redis.keys());
  private final RedisFleetDevices devices = new RedisFleetDevices(link, redis.keys());
  private final RedisCommandStore store = new RedisCommandStore(link, redis.keys(), events);
  private final int partition = redis.keys().partitionOf(DEVICE);

  CommandDataTest() {
    devices.register(DEVICE);
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private Response send(io.vertx.redis.client.Command command, Object... args) {
    Request request = Request.cmd(command);
    for (Object arg : args) {
      request.arg(arg.toString());
    }
    return answer(link.send(request));
  }

  private void append(@Nullable Claim claim, Command... steps) {
    long revision = answer(store.unfinished(steps[0].device())).revision();
    assertThat(answer(store.append(revision, List.of(steps), claim))).isInstanceOf(Appended.class);
  }

  private static Claim claim(String key, long since) {
    return new Claim(new IdempotencyKey(key, "print of " + key), since);
  }

  // ---- Texts.

  @Test
  void texts_are_read_back_as_they_were() {
    String odd = "\"\\\n\t\r\u0000\u001f\u007f é ☃ \ud83d\ude00 </script> '[]{},: ";
    String params = "{\"a\" : \"\\u00e9\\/\\n\",\"n\":[1.10,-0.0,1e400,12345678901234567890]}";
    Command made =
        new Command(
            "id",
            DEVICE,
            odd,
            params,
            -1,
            Long.MAX_VALUE >> 11,
            0,
            null,
            odd,
            "{\"m\":null}",
            odd.replace('\n', ' '),
            "[\"\\\"\"]",
            odd,
            List.of(new Command.Step(State.QUEUED, 1, odd, Long.MAX_VALUE, null, odd, odd, 17L)));

    append(claim(odd, -10), made);

    assertThat(answer(store.get("id"))).hasValue(made);
    assertThat(answer(store.original(DEVICE, odd, -1)).orElseThrow().id()).isEqualTo("id");
    Command over = Commands.after(made, State.FAILED);
    append(null, over);
    assertThat(answer(store.get("id"))).hasValue(over);
    assertThat(answer(store.trim(10_000, 10))).isEqualTo(1);
    assertThat(answer(store.original(DEVICE, odd, -1))).isEmpty();
  }

  // ---- Partitions.

  @Test
  void the_id_of_a_command_tells_its_partition() {
    UuidV7Generator ids = new UuidV7Generator(new ManualClock(1_764_000_000_000L));
    for (int i = 0; i < 20; i++) {
      String device = "device-" + i;
      devices.register(device);
      Command made = Commands.made(ids.next(device), device, 1_000);
      append(null, made);

      assertThat(keys.partitionsOf(made.id())).containsExactly(redis.keys().partitionOf(device));
      assertThat(answer(store.get(made.id()))).hasValue(made);
    }
    assertThat(answer(store.get(ids.next(DEVICE)))).isEmpty();
    assertThat(keys.partitionsOf("another")).hasSize(redis.keys().partitions());
  }

  // ---- Events.

  @Test
  void steps_are_published_in_order_and_only_if_they_are_stored() {
    Command made = Commands.made("a", DEVICE, 1_000);
    Command sent = Commands.after(made, State.SENT);
    append(null, made, sent);
    refusal(store.append(1, List.of(made), null));
    answer(store.append(7, List.of(Commands.after(sent, State.SUCCEEDED)), null));

    Response entries = send(io.vertx.redis.client.Command.XRANGE, events.of(DEVICE), "-", "+");
    assertThat(entries.size()).isEqualTo(1);
    String entry = entries.toString();
    assertThat(entry).contains("node");
    assertThat(entry.indexOf("QUEUED")).isPositive();
    assertThat(entry.indexOf("SENT")).isGreaterThan(entry.indexOf("QUEUED"));
  }

  // ---- Idempotency keys.

  @Test
  void keys_that_do_not_count_any_more_are_deleted() {
    for (int i = 0; i < 100; i++) {
      Command made = Commands.made("c" + i, DEVICE, 1_000 + i);
      append(claim("key-" + i, 1_000 + i - 10), made, Commands.after(made, State.CANCELLED));
    }

    assertThat(send(io.vertx.redis.client.Command.HLEN, keys.idempotency(DEVICE)).toLong())
        .isEqualTo(11);
    assertThat(send(io.vertx.redis.client.Command.ZCARD, keys.idempotencyTimes(DEVICE)).toLong())
        .isEqualTo(11);
    assertThat(answer(store.original(DEVICE, "key-90", 0)).orElseThrow().id()).isEqualTo("c90");
  }

  @Test
  void a_key_that_was_used_again_outlives_its_first_command() {
    Command first = Commands.made("a", DEVICE, 1_000);
    append(claim("key", 0), first, Commands.after(first, State.CANCELLED));
    append(claim("key", 2_000), Commands.made("b", DEVICE, 3_000));

    assertThat(answer(store.trim(2_000, 10))).isEqualTo(1);

    assertThat(answer(store.original(DEVICE, "key", 0)).orElseThrow().id()).isEqualTo("b");
  }

  // ---- Deletion.

  @Test
  void commands_that_were_trimmed_leave_nothing() {
    Command single = Commands.made("a", DEVICE, 1_000);
    Command ofJob = Commands.ofJob("j", Commands.made("b", DEVICE, 1_000));
    append(claim("key", 0), single, Commands.after(single, State.SENT));
    append(null, ofJob);
    append(null, Commands.after(Commands.after(single, State.SENT), State.SUCCEEDED));
    append(null, Commands.after(ofJob, State.CANCELLED));

    assertThat(answer(store.trim(1_001, 10))).isEqualTo(2);

    List<String> left = new ArrayList<>();
    List.of(
            keys.command(partition, "a"),
            keys.command(partition, "b"),
            keys.queue(DEVICE),
            keys.list(DEVICE),
            keys.idempotency(DEVICE),
            keys.idempotencyTimes(DEVICE),
            keys.due(partition),
            keys.sent(partition),
            keys.ended(partition),
            keys.jobCommands(partition, "j"),
            keys.jobDevices(partition, "j"))
        .forEach(left::add);
    for (State state : State.values()) {
      left.add(keys.in(partition, state));
    }
    assertThat(left)
        .allMatch(key -> send(io.vertx.redis.client.Command.EXISTS, key).toInteger() == 0);
    assertThat(answer(store.trim(1_001, 10))).isZero();
  }

  // ---- Jobs.

  @Test
  void a_command_of_a_job_moves_the_execution_of_its_device() {
    RedisJobStore jobs = new RedisJobStore(redis.link(), redis.keys());
    Job.JobSpec spec = new Job.JobSpec("start", "{}", null, null, null, null, null, null, null);
    Job job =
        new Job(
            "j", spec, 1_000, "ann", Job.State.RUNNING, null, null, 2, Job.Counts.waiting(2), 1);
    answer(jobs.keep(job, List.of(DEVICE, "pump-8"), null));
    Command made = Commands.ofJob("j", Commands.made("a", DEVICE, 1_000));

    append(null, made, Commands.after(made, State.SENT));

    Job.Counts counts = answer(jobs.get("j")).orElseThrow().counts();
    assertThat(counts.of(ExecutionState.SENT)).isEqualTo(1);
    assertThat(counts.of(ExecutionState.WAITING)).isEqualTo(1);
    Command second = Commands.ofJob("j", Commands.made("b", DEVICE, 1_000));
    assertThat(refusal(store.append(1, List.of(second), null)).kind())
        .isEqualTo(ErrorCode.CONFLICT);
    assertThat(
            send(io.vertx.redis.client.Command.EXISTS, keys.jobDevices(partition, "j")).toInteger())
        .isZero();
  }

  // ---- Deadlines.

  private CommandStore another() {
    return new RedisCommandStore(redis.link(), redis.keys(), events);
  }

  private long expires(String id) {
    return answer(store.get(id)).orElseThrow().expires();
  }

  @Test
  void a_step_that_several_nodes_see_moves_the_deadlines_once() {
    CommandStore other = another();
    answer(other.due(0, 1));
    append(null, Commands.made("a", DEVICE, 1_000));

    answer(store.moveDeadlines(new ClockStep(5_000, 8_000, Long.MAX_VALUE)));
    answer(other.moveDeadlines(new ClockStep(5_100, 8_120, Long.MAX_VALUE)));
    assertThat(expires("a")).isEqualTo(61_000 + 3_000);

    answer(other.moveDeadlines(new ClockStep(9_000, 12_000, Long.MAX_VALUE)));
    answer(store.moveDeadlines(new ClockStep(9_000, 12_000, Long.MAX_VALUE)));
    assertThat(expires("a")).isEqualTo(61_000 + 6_000);

    CommandStore joined = another();
    answer(joined.due(0, 1));
    answer(joined.moveDeadlines(new ClockStep(20_000, 15_000, Long.MAX_VALUE)));
    assertThat(expires("a")).isEqualTo(61_000 + 1_000);
  }

  @Test
  void a_node_that_has_missed_a_step_moves_the_deadlines_by_the_rest() {
    CommandStore other = another();
    answer(other.due(0, 1));
    append(null, Commands.made("a", DEVICE, 1_000));

    answer(store.moveDeadlines(new ClockStep(5_000, 8_000, Long.MAX_VALUE)));
    answer(other.moveDeadlines(new ClockStep(6_000, 16_000, Long.MAX_VALUE)));
    answer(store.moveDeadlines(new ClockStep(9_000, 16_000, Long.MAX_VALUE)));

    assertThat(expires("a")).isEqualTo(61_000 + 10_000);
  }

  @Test
  void a_move_that_a_crash_has_interrupted_is_completed_by_another_node() {
    List<String> all = IntStream.range(0, 20).mapToObj(i -> "device-" + i).toList();
    all.forEach(devices::register);
    all.forEach(device -> append(null, Commands.made("of-" + device, device, 1_000)));
    answer(store.moveDeadlines(new ClockStep(5_000, 8_000, Long.MAX_VALUE)));
    // The next one is recorded, and begun in one partition, where one device is done.
    send(
        io.vertx.redis.client.Command.HSET,
        redis.keys().global("deadlines"),
        "number",
        2,
        "sum",
        4_000,
        "from",
        9_000,
        "to",
        10_000,
        "made",
        Long.MAX_VALUE);
    String device = all.getFirst();
    int begun = redis.keys().partitionOf(device);
    send(io.vertx.redis.client.Command.SET, redis.keys().in(begun, "moved"), 2);
    all.stream()
        .filter(each -> !each.equals(device) && redis.keys().partitionOf(each) == begun)
        .forEach(
            each ->
                send(
                    io.vertx.redis.client.Command.ZADD, redis.keys().in(begun, "moving"), 0, each));

    CommandStore other = another();
    assertThat(answer(other.due(65_000, 100))).containsExactlyInAnyOrderElementsOf(all);

    for (String each : all) {
      long moved = each.equals(device) ? 3_000 : 4_000;
      assertThat(expires("of-" + each)).isEqualTo(61_000 + moved);
    }
    answer(store.moveDeadlines(new ClockStep(9_000, 10_000, Long.MAX_VALUE)));
    assertThat(expires("of-" + device)).isEqualTo(61_000 + 3_000);
  }

  @Test
  void a_step_of_a_command_keeps_the_deadline_that_was_moved() {
    Command made = Commands.made("a", DEVICE, 1_000);
    append(null, made);
    answer(store.moveDeadlines(new ClockStep(5_000, 8_000, Long.MAX_VALUE)));

    append(null, Commands.after(made, State.SENT));

    assertThat(expires("a")).isEqualTo(61_000 + 3_000);
    assertThat(answer(store.due(63_999, 10))).isEmpty();
    assertThat(answer(store.due(64_000, 10))).containsExactly(DEVICE);
  }
}
