package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.store.redis.JobParts.Waiting;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The functions in {@code execution.lua}, as the scripts of other stores call them. */
public class JobPartsTest {
  private static final RedisScript INSERT =
      RedisScript.of(JobParts.class, "job/insert.lua", "execution");
  private static final RedisScript APPEND =
      RedisScript.of(JobPartsTest.class, "append.lua", "execution");
  private static final RedisScript DELETE =
      RedisScript.of(JobPartsTest.class, "delete.lua", "execution");

  private final RedisTest redis = new RedisTest();
  private final RedisLink link = redis.link();
  private final JobParts parts = new JobParts(redis.keys());

  @Test
  void a_command_moves_the_execution_of_its_device_and_is_counted() {
    insert("j", "a", 7);

    assertThat(append("j", "a", "c1", "queued", true)).isEqualTo("appended");
    assertThat(append("j", "a", "c1", "sent", false)).isEqualTo("appended");
    assertThat(append("j", "a", "c1", "sent", false)).isEqualTo("appended");

    assertThat(hash(parts.of("j", "a").get(0)))
        .isEqualTo(Map.of("waiting", "0", "queued", "0", "sent", "1", "v", "2"));
    assertThat(hash(parts.of("j", "a").get(2))).isEqualTo(Map.of("7", "c1"));
    assertThat(answer(parts.waitingOf(link, "a")).jobs()).isEmpty();
  }

  @Test
  void a_device_gets_no_second_command_of_a_job() {
    insert("j", "a", 0);
    append("j", "a", "c1", "queued", true);

    assertThat(append("j", "a", "c2", "queued", true)).isEqualTo("conflict");
    assertThat(append("j", "a", "c1", "cancelled", false)).isEqualTo("appended");
    assertThat(append("j", "a", "c2", "queued", true)).isEqualTo("conflict");
  }

  @Test
  void a_sealed_part_takes_no_command() {
    insert("j", "a", 0);
    insert("j", "a1", 1);
    answer(delete("a", answer(parts.waitingOf(link, "a"))));
    answer(link.send(Request.cmd(Command.HSET).arg(parts.of("j", "a").get(0)).arg("s").arg(1)));

    assertThat(append("j", "a", "c1", "queued", true)).isEqualTo("conflict");
    assertThat(append("j", "a", "c1", "queued", false)).isEqualTo("appended");
    assertThat(hash(parts.of("j", "a").get(0)))
        .containsEntry("refused", "1")
        .containsEntry("v", "1");
  }

  @Test
  void a_command_of_a_deleted_job_is_appended_and_leaves_nothing() {
    assertThat(append("gone", "a", "c1", "queued", true)).isEqualTo("appended");

    assertThat(parts.of("gone", "a")).allSatisfy(key -> assertThat(exists(key)).isFalse());
    assertThat(exists(parts.waiting("a"))).isFalse();
  }

  @Test
  void a_deletion_refuses_the_device_in_the_jobs_in_which_it_waits() {
    insert("j", "a", 0);
    insert("k", "a", 0);
    insert("moved", "a", 0);
    append("moved", "a", "c1", "queued", true);

    Waiting waiting = answer(parts.waitingOf(link, "a"));
    assertThat(waiting.jobs()).containsExactlyInAnyOrder("j", "k");
    assertThat(answer(delete("a", waiting))).isEqualTo("deleted");

    assertThat(hash(parts.of("j", "a").get(0))).containsEntry("refused", "1");
    assertThat(hash(parts.of("k", "a").get(2)))
        .isEqualTo(Map.of("0", "unknown-device there is no device a"));
    assertThat(hash(parts.of("moved", "a").get(0))).containsEntry("queued", "1");
    assertThat(hash(parts.waiting("a"))).containsOnlyKeys("");
  }

  @Test
  void a_deletion_that_does_not_know_all_jobs_is_repeated() {
    Waiting none = answer(parts.waitingOf(link, "a"));
    insert("j", "a", 0);

    assertThat(answer(delete("a", none))).isEqualTo("changed");
    assertThat(answer(delete("a", answer(parts.waitingOf(link, "a"))))).isEqualTo("deleted");
    assertThat(hash(parts.of("j", "a").get(0))).containsEntry("refused", "1");
  }

  private void insert(String job, String device, int place) {
    List<String> keys = new ArrayList<>(parts.of(job, device));
    keys.add(parts.waiting(device));
    answer(link.run(INSERT, keys, job, place, device));
  }

  private String append(String job, String device, String command, String state, boolean isNew) {
    List<String> keys = new ArrayList<>(parts.of(job, device));
    keys.add(parts.waiting(device));
    return answer(link.run(APPEND, keys, job, device, command, state, isNew ? 1 : 0)).toString();
  }

  private Future<String> delete(String device, Waiting waiting) {
    List<String> keys = new ArrayList<>(List.of(parts.waiting(device)));
    keys.addAll(waiting.keys());
    List<Object> args = new ArrayList<>(List.of(device, waiting.insertions()));
    args.addAll(waiting.jobs());
    return link.run(DELETE, keys, args.toArray()).map(Response::toString);
  }

  private Map<String, String> hash(String key) {
    Map<String, String> fields = new HashMap<>();
    Response read = answer(link.send(Request.cmd(Command.HGETALL).arg(key)));
    read.getKeys().forEach(field -> fields.put(field, String.valueOf(read.get(field))));
    return fields;
  }

  private boolean exists(String key) {
    return answer(link.send(Request.cmd(Command.EXISTS).arg(key))).toInteger() == 1;
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
