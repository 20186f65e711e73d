package io.signalbox.hub.store.redis.job;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.job.JobExecution.Reason;
import io.signalbox.hub.job.JobStore.KeepResult;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.redis.JobPartsTest;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.signalbox.hub.store.redis.RedisTest;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs whose parts and heads are stored by several scripts. */
class PartitionedJobTest {
  private static final RedisScript INSERT =
      RedisScript.of(JobCreation.class, "insert.lua", "execution");
  private static final RedisScript APPEND =
      RedisScript.of(JobPartsTest.class, "append.lua", "execution");

  private final RedisTest redis = new RedisTest();
  private final RedisLink link = redis.link();
  private final JobKeys keys = new JobKeys(redis.keys());
  private final RedisJobStore jobs = new RedisJobStore(link, redis.keys());
  private final RedisJobStore other = new RedisJobStore(redis.link(), redis.keys());

  // ---- Crashes between two scripts.

  @Test
  void an_incomplete_job_is_invisible_and_deleted_by_retention() {
    insertPartsOnly("j", devices(30), 5_000);

    assertThat(answer(jobs.get("j"))).isEmpty();
    assertThat(answer(jobs.list(Set.of(), null, 10)).items()).isEmpty();
    assertThat(answer(jobs.trim(5_000, 100))).isZero();
    assertThat(answer(jobs.trim(5_001, 10))).isEqualTo(10);
    assertThat(answer(jobs.trim(5_001, 100))).isEqualTo(20);
    assertThat(keysOfJobs()).isEmpty();
  }

  @Test
  void an_incomplete_job_is_deleted_when_one_is_kept_an_hour_later() {
    insertPartsOnly("j", devices(30), 1_000);

    answer(jobs.keep(job("soon", 1, 3_600_999), List.of("a"), null));
    assertThat(keysOfJobs()).anyMatch(key -> key.endsWith(":j"));
    answer(jobs.keep(job("later", 1, 3_601_001), List.of("a"), null));

    assertThat(keysOfJobs()).noneMatch(key -> key.endsWith(":j"));
  }

  @Test
  void a_job_that_is_given_up_while_it_is_kept_is_complete_or_leaves_nothing() {
    List<String> devices = devices(3_000);
    for (int round = 0; round < 20; round++) {
      String id = "j" + round;
      Future<KeepResult> kept = jobs.keep(job(id, 3_000, 1_000), devices, null);
      List<Future<Integer>> trims = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        trims.add(other.trim(Long.MAX_VALUE, 10_000));
      }
      trims.forEach(Results::answer);

      if (isKept(kept)) {
        assertThat(answer(jobs.get(id)).orElseThrow().counts())
            .isEqualTo(counts(ExecutionState.WAITING, 3_000));
        assertThat(all(id, Set.of(), 3_000)).hasSize(3_000);
        answer(jobs.skip(id, 3_000));
        answer(jobs.end(id, 1_000));
        answer(jobs.trim(Long.MAX_VALUE, 10_000));
      } else {
        assertThat(keysOfJobs()).isEmpty();
      }
    }
    assertThat(keysOfJobs()).isEmpty();
  }

  @Test
  void a_complete_job_cannot_be_given_up() {
    insertPartsOnly("k", List.of("a"), 1_000);
    answer(jobs.keep(job("j", 1, 1_000), List.of("a"), null));
    RedisScript abandon = RedisScript.of(JobDeletion.class, "abandon.lua");

    assertThat(answer(link.run(abandon, List.of(keys.incomplete()), "k")).toInteger()).isOne();
    assertThat(answer(link.run(abandon, List.of(keys.incomplete()), "j")).toInteger()).isZero();
  }

  @Test
  void a_job_whose_parts_are_sealed_is_ended_by_the_next_call() {
    answer(jobs.keep(job("j", 2, 1_000), List.of("a", "b"), null));
    answer(jobs.skip("j", 2));
    assertThat(seal("j", "a")).isTrue();
    assertThat(seal("j", "b")).isTrue();
    assertThat(answer(jobs.get("j")).orElseThrow().isOver()).isFalse();

    answer(other.end("j", 2_000));

    assertThat(answer(jobs.get("j")).orElseThrow().ended()).isEqualTo(2_000);
  }

  @Test
  void a_part_with_a_waiting_execution_or_an_unfinished_command_is_not_sealed() {
    answer(jobs.keep(job("j", 1, 1_000), List.of("a"), null));
    assertThat(seal("j", "a")).isFalse();
    for (String state : List.of("queued", "sent", "accepted")) {
      answer(append("j", "a", "c1", state));
      assertThat(seal("j", "a")).as(state).isFalse();
    }
    answer(append("j", "a", "c1", "failed"));
    assertThat(seal("j", "a")).isTrue();
  }

  // ---- The end of a job.

  @Test
  void an_ended_job_has_no_unfinished_command_whatever_is_appended_meanwhile() {
    List<String> devices = devices(8);
    for (int round = 0; round < 80; round++) {
      String id = "j" + round;
      answer(jobs.keep(job(id, 8, 1_000), devices, null));
      answer(jobs.skip(id, 8));
      // The commands are appended one by one while the end goes from step to step.
      Future<?> appends = Future.succeededFuture();
      for (int i = 0; i < round % 8; i++) {
        appends = appends.compose(done -> jobs.unfinished());
      }
      for (String device : devices) {
        appends = appends.compose(done -> append(id, device));
      }
      answer(Future.join(appends, other.end(id, 2_000)));

      Job job = answer(other.get(id)).orElseThrow();
      List<JobExecution> executions = all(id, Set.of(), 8);
      assertThat(job.isOver() ? job.counts().unfinished() : 0).isZero();
      for (ExecutionState state : ExecutionState.values()) {
        assertThat(executions)
            .filteredOn(execution -> execution.standing() == state)
            .hasSize(job.counts().of(state));
      }
    }
  }

  @Test
  void an_ended_job_keeps_its_counts_and_its_version_while_its_executions_are_deleted() {
    answer(jobs.keep(job("j", 9, 1_000), devices(9), null));
    answer(jobs.skip("j", 9));
    long before = answer(jobs.get("j")).orElseThrow().version();
    answer(jobs.end("j", 2_000));
    Job ended = answer(jobs.get("j")).orElseThrow();

    answer(jobs.trim(3_000, 5));

    assertThat(ended.version()).isGreaterThan(before);
    assertThat(answer(jobs.get("j"))).hasValue(ended);
    assertThat(all("j", Set.of(), 3)).hasSize(4);
  }

  @Test
  void a_deleted_job_leaves_no_key() {
    answer(jobs.keep(job("j", 9, 1_000), devices(9), claim("key")));
    append("j", "d1");
    answer(jobs.refuse("j", refused("d2", new Reason("x", "é y"))));
    answer(jobs.refuse("j", refused("d3", null)));
    assertThat(all("j", Set.of(ExecutionState.REFUSED), 5))
        .containsExactly(refused("d2", new Reason("x", "é y")), refused("d3", null));
    answer(jobs.skip("j", 9));
    answer(append("j", "d1", "c1", "failed"));
    answer(jobs.end("j", 2_000));

    assertThat(answer(jobs.trim(3_000, 100))).isEqualTo(10);

    assertThat(keysOfJobs()).isEmpty();
    assertThat(answer(jobs.original("key", 0))).isEmpty();
  }

  @Test
  void a_key_that_a_later_job_has_used_stays_when_the_earlier_one_is_deleted() {
    answer(jobs.keep(job("j", 1, 1_000), List.of("a"), claim("key")));
    Claim later = new Claim(claim("key").key(), 1_500);
    answer(jobs.keep(job("k", 1, 2_000), List.of("a"), later));
    answer(jobs.skip("j", 1));
    answer(jobs.end("j", 2_000));
    answer(jobs.trim(3_000, 100));

    assertThat(answer(jobs.original("key", 0)).orElseThrow().id()).isEqualTo("k");
  }

  // ---- Order and preconditions.

  @Test
  void pages_have_the_order_of_the_devices_even_if_a_partition_has_most_of_them_first() {
    List<String> devices = new ArrayList<>(devices(400));
    devices.sort((a, b) -> keys.keys().partitionOf(a) - keys.keys().partitionOf(b));
    answer(jobs.keep(job("j", 400, 1_000), devices, null));

    for (int limit : new int[] {1, 7, 100, 399, 400, 1_000}) {
      assertThat(all("j", Set.of(), limit)).extracting(JobExecution::device).isEqualTo(devices);
    }
    answer(jobs.skip("j", 150));
    assertThat(all("j", Set.of(ExecutionState.SKIPPED), 40))
        .extracting(JobExecution::device)
        .isEqualTo(devices.subList(0, 150));
    assertThat(all("j", Set.of(ExecutionState.WAITING), 40))
        .extracting(JobExecution::device)
        .isEqualTo(devices.subList(150, 400));
  }

  @Test
  void a_halt_is_refused_if_the_job_has_changed() {
    answer(jobs.keep(job("j", 2, 1_000), List.of("a", "b"), null));
    Precondition first = Precondition.oneOf(Set.of(answer(jobs.get("j")).orElseThrow().version()));
    answer(other.skip("j", 1));

    assertThat(refusal(jobs.halt("j", Job.State.CANCELLED, "x", first)).kind())
        .isEqualTo(ErrorCode.PRECONDITION_FAILED);
    assertThat(answer(jobs.get("j")).orElseThrow().state()).isEqualTo(Job.State.RUNNING);
  }

  @Test
  void of_several_halts_one_succeeds() {
    answer(jobs.keep(job("j", 1, 1_000), List.of("a"), null));
    List<Future<Job>> halts =
        IntStream.range(0, 8)
            .mapToObj(i -> (i % 2 == 0 ? jobs : other).halt("j", state(i), "x", Precondition.NONE))
            .toList();

    assertThat(Results.refusals(halts)).hasSize(7).containsOnly(ErrorCode.JOB_FINISHED);
    assertThat(answer(jobs.list(Set.of(), null, 10)).total()).isEqualTo(1);
  }

  private static Job.State state(int i) {
    return i % 3 == 0 ? Job.State.ABORTED : Job.State.CANCELLED;
  }

  // ---- Sample data.

  private static List<String> devices(int number) {
    return IntStream.rangeClosed(1, number).mapToObj(i -> "d" + i).toList();
  }

  private static Job job(String id, int devices, long created) {
    JobSpec spec = new JobSpec("start", "{}", null, null, null, null, null, null, null);
    Counts counts = Counts.waiting(devices);
    return new Job(id, spec, created, "ann", Job.State.RUNNING, null, null, devices, counts, 1);
  }

  private static Claim claim(String key) {
    return new Claim(new IdempotencyKey(key, "print"), 0);
  }

  private static JobExecution refused(String device, @Nullable Reason why) {
    return new JobExecution(device, ExecutionState.REFUSED, null, why);
  }

  private static Counts counts(ExecutionState state, int number) {
    Counts none = StoredJob.counts(List.of());
    Map<ExecutionState, Integer> counts = new EnumMap<>(none.counts());
    counts.put(state, number);
    return new Counts(counts);
  }

  /** What a node has stored that is killed before it makes the head. */
  private void insertPartsOnly(String job, List<String> devices, long created) {
    answer(link.send(Request.cmd(Command.ZADD).arg(keys.incomplete()).arg(created).arg(job)));
    for (int i = 0; i < devices.size(); i++) {
      int partition = keys.keys().partitionOf(devices.get(i));
      answer(link.run(INSERT, keys.part(job, partition), job, i, devices.get(i)));
    }
  }

  private boolean seal(String job, String device) {
    String counts = keys.counts(job, keys.keys().partitionOf(device));
    RedisScript seal = RedisScript.of(RedisJobStore.class, "seal.lua");
    return answer(link.run(seal, List.of(counts))).toInteger() == 1;
  }

  private static boolean isKept(Future<KeepResult> kept) {
    try {
      return answer(kept) instanceof KeepResult.Created;
    } catch (Refusal givenUp) {
      assertThat(givenUp.kind()).isEqualTo(ErrorCode.UNAVAILABLE);
      return false;
    }
  }

  private Future<Response> append(String job, String device) {
    return append(job, device, "c1", "queued");
  }

  private Future<Response> append(String job, String device, String command, String state) {
    List<String> part = keys.part(job, keys.keys().partitionOf(device));
    return link.run(APPEND, part, job, device, command, state, state.equals("queued") ? 1 : 0);
  }

  private List<JobExecution> all(String job, Set<ExecutionState> states, int limit) {
    List<JobExecution> all = new ArrayList<>();
    Page<JobExecution> page = answer(jobs.executions(job, states, null, limit));
    all.addAll(page.items());
    while (page.next() != null) {
      page = answer(jobs.executions(job, states, page.next(), limit));
      all.addAll(page.items());
    }
    return all;
  }

  /** All keys but those that the partitions and the list keep for ever. */
  private List<String> keysOfJobs() {
    Request all = Request.cmd(Command.KEYS).arg(keys.keys().prefix() + ":*");
    List<String> forEver = new ArrayList<>(List.of(keys.places()));
    keys.keys().all().forEach(partition -> forEver.add(keys.parts().waiting(partition)));
    return answer(link.send(all)).stream()
        .map(Response::toString)
        .filter(key -> !forEver.contains(key))
        .toList();
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
