package io.signalbox.hub.store;

import static io.signalbox.hub.store.CommandAppends.append;
import static io.signalbox.hub.store.CommandAppends.appended;
import static io.signalbox.hub.store.CommandAppends.claim;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.command.CommandStore.AppendResult;
import io.signalbox.hub.command.CommandStore.AppendResult.AlreadyMade;
import io.signalbox.hub.command.CommandStore.AppendResult.Appended;
import io.signalbox.hub.command.CommandStore.AppendResult.Conflict;
import io.signalbox.hub.command.CommandStore.QueueSnapshot;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Contract of {@code CommandStore} for several writers: two instances on one backend, as two nodes
 * have them.
 */
public abstract class CommandRevisionContract extends CommandDeadlinesContract {
  private static final String DEVICE = "pump-7";

  private long revision() {
    return answer(store.unfinished(DEVICE)).revision();
  }

  private static AppendResult conflict(CommandStore in, long revision, Command... steps) {
    return answer(in.append(revision, List.of(steps), null));
  }

  @Test
  void the_revision_of_a_queue_grows_with_each_append() {
    CommandStore other = openSecond();
    Command made = made("a", 1_000);
    long first = revision();

    long second = appended(answer(store.append(first, List.of(made), null)));
    long third =
        appended(answer(other.append(second, List.of(after(made, State.SENT, null, null)), null)));

    assertThat(second).isGreaterThan(first);
    assertThat(third).isGreaterThan(second);
    assertThat(answer(other.unfinished(DEVICE)).revision()).isEqualTo(third);
    assertThat(answer(store.unfinished(DEVICE)).revision()).isEqualTo(third);
  }

  @Test
  void steps_that_are_based_on_another_revision_change_nothing() {
    CommandStore other = openSecond();
    long old = revision();
    long present = appended(other, made("a", 1_000));

    assertThat(conflict(store, old, made("b", 1_000))).isEqualTo(new Conflict(present));
    assertThat(conflict(store, present + 1, made("b", 1_000))).isEqualTo(new Conflict(present));

    assertThat(answer(store.get("b"))).isEmpty();
    assertThat(revision()).isEqualTo(present);
  }

  @Test
  void a_refused_append_keeps_the_revision() {
    Command made = made("a", 1_000);
    long present = appended(store, made);

    assertThat(refusal(store.append(present, List.of(made), null)).kind())
        .isEqualTo(ErrorCode.CONFLICT);

    assertThat(revision()).isEqualTo(present);
  }

  @Test
  void queues_of_other_devices_do_not_count() {
    long before = appended(store, made("a", 1_000));
    appended(store, of("pump-8", made("b", 1_000)));
    delete("pump-8");

    appended(answer(store.append(before, List.of(made("c", 1_000)), null)));
  }

  @Test
  void deletions_of_other_devices_do_not_change_the_revision_of_a_queue_without_commands() {
    long before = revision();
    delete("pump-8");
    register("pump-8");
    delete("other");

    assertThat(revision()).isEqualTo(before);
    appended(answer(openSecond().append(before, List.of(made("a", 1_000)), null)));
  }

  @Test
  void of_two_concurrent_appends_on_one_revision_one_succeeds_and_the_other_does_after_a_reload() {
    CommandStore other = openSecond();
    for (int round = 0; round < 50; round++) {
      long before = revision();
      Command one = made("one-" + round, 1_000);
      Command two = made("two-" + round, 1_000);
      Future<AppendResult> first = store.append(before, List.of(one), null);
      Future<AppendResult> second = other.append(before, List.of(two), null);

      List<AppendResult> results = List.of(answer(first), answer(second));
      long won = before + 1;
      assertThat(results).containsExactlyInAnyOrder(new Appended(won), new Conflict(won));
      boolean loserIsFirst = results.getFirst() instanceof Conflict;
      appended(loserIsFirst ? store : other, loserIsFirst ? one : two);
    }

    assertThat(answer(store.unfinished(DEVICE)).commands()).hasSize(100);
  }

  @Test
  void concurrent_writers_of_both_instances_share_the_revisions_without_gap_or_repeat()
      throws InterruptedException {
    long before = revision();
    ConcurrentLinkedQueue<Long> won = new ConcurrentLinkedQueue<>();
    List<CommandStore> stores = List.of(store, openSecond());
    List<Thread> writers =
        IntStream.range(0, 4)
            .mapToObj(
                writer ->
                    Thread.ofPlatform().start(() -> write(stores.get(writer % 2), writer, won)))
            .toList();
    for (Thread writer : writers) {
      writer.join();
    }

    assertThat(won)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.rangeClosed(before + 1, before + 100).boxed().toList());
    assertThat(answer(store.unfinished(DEVICE)).commands())
        .extracting(Command::id)
        .doesNotHaveDuplicates()
        .hasSize(100);
    assertThat(revision()).isEqualTo(before + 100);
  }

  private static void write(CommandStore in, int writer, ConcurrentLinkedQueue<Long> won) {
    for (int i = 0; i < 25; i++) {
      Appended appended = (Appended) untilDone(in, null, made(writer + "-" + i, 1_000));
      won.add(appended.revision());
    }
  }

  /** Reloads the queue as often as it changes. */
  private static AppendResult untilDone(CommandStore in, @Nullable Claim claim, Command made) {
    AppendResult result = answer(append(in, claim, made));
    while (result instanceof Conflict) {
      result = answer(append(in, claim, made));
    }
    return result;
  }

  @Test
  void a_used_key_is_found_whatever_the_revision_and_changes_nothing() {
    CommandStore other = openSecond();
    long old = revision();
    answer(append(other, claim("key", "print", 0), made("a", 1_000)));
    long present = appended(other, after(made("a", 1_000), State.SENT, null, null));
    AlreadyMade first = new AlreadyMade(new FirstUse("a", "print"));

    List<Command> again = List.of(made("b", 2_000));
    assertThat(answer(store.append(old, again, claim("key", "print", 0)))).isEqualTo(first);
    assertThat(answer(store.append(present, again, claim("key", "else", 0)))).isEqualTo(first);

    assertThat(answer(store.get("b"))).isEmpty();
    assertThat(revision()).isEqualTo(present);
  }

  @Test
  void of_concurrent_repetitions_on_both_instances_one_makes_the_command() {
    List<CommandStore> stores = List.of(store, openSecond());
    for (int round = 0; round < 10; round++) {
      String key = "key-" + round;
      List<Future<AppendResult>> retries = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Command made = made(key + "-" + i, 1_000);
        retries.add(retry(stores.get(i % 2), claim(key, "print", 0), made));
      }

      List<AppendResult> results = retries.stream().map(Results::answer).toList();
      List<Command> kept = answer(store.unfinished(DEVICE)).commands();
      assertThat(kept).hasSize(round + 1);
      assertThat(results).filteredOn(Appended.class::isInstance).hasSize(1);
      assertThat(results)
          .filteredOn(result -> !(result instanceof Appended))
          .containsOnly(new AlreadyMade(new FirstUse(kept.getLast().id(), "print")));
    }
  }

  private static Future<AppendResult> retry(CommandStore in, Claim claim, Command made) {
    return append(in, claim, made)
        .compose(
            result ->
                result instanceof Conflict
                    ? retry(in, claim, made)
                    : Future.succeededFuture(result));
  }

  @Test
  void a_revision_and_a_key_survive_a_crash() {
    CommandStore other = openSecond();
    long old = appended(store, made("a", 1_000));
    long present = appended(answer(append(other, claim("key", "print", 0), made("b", 1_000))));

    kill();
    store = open();

    QueueSnapshot queue = answer(store.unfinished(DEVICE));
    assertThat(queue.commands()).extracting(Command::id).containsExactly("a", "b");
    assertThat(queue.revision()).isEqualTo(present);
    assertThat(conflict(store, old, made("c", 1_000))).isEqualTo(new Conflict(present));
    assertThat(answer(append(openSecond(), claim("key", "print", 0), made("c", 1_000))))
        .isEqualTo(new AlreadyMade(new FirstUse("b", "print")));
    appended(answer(store.append(present, List.of(made("d", 1_000)), null)));
  }

  @Test
  void a_revision_of_before_a_deletion_does_not_fit_the_device_that_is_registered_again() {
    List<Long> old = new ArrayList<>();
    for (int life = 0; life < 4; life++) {
      old.add(revision());
      for (int i = 0; i < life; i++) {
        Command made = made(life + "-" + i, 1_000);
        old.add(appended(store, made, after(made, State.CANCELLED, null, null)));
      }
      delete(DEVICE);
      register(DEVICE);

      long present = revision();
      assertThat(old).doesNotContain(present);
      for (long before : old) {
        assertThat(conflict(store, before, made("x", 1_000))).isEqualTo(new Conflict(present));
      }
    }
  }

  @Test
  void the_commands_of_a_deleted_device_are_kept_with_their_timelines() {
    Command made = made("a", 1_000);
    Command over = after(made, State.CANCELLED, null, null);
    appended(store, made, over);
    Command waiting = made("b", 1_000);
    appended(store, waiting);
    delete(DEVICE);

    CommandStore other = openSecond();
    assertThat(answer(other.get("a"))).hasValue(over);
    assertThat(answer(other.get("b"))).hasValue(waiting);
    assertThat(answer(other.unfinished(DEVICE)).commands()).containsExactly(waiting);
    assertThat(answer(other.trim(1_001, 10))).isEqualTo(1);
    assertThat(answer(other.get("a"))).isEmpty();
  }

  @Test
  void what_a_deleted_device_has_left_can_be_ended_and_only_once() {
    Command made = made("a", 1_000);
    long old = appended(store, made);
    delete(DEVICE);
    Command over = after(made, State.CANCELLED, null, null);
    QueueSnapshot left = answer(store.unfinished(DEVICE));

    assertThat(left.commands()).containsExactly(made);
    assertThat(conflict(store, old, over)).isEqualTo(new Conflict(left.revision()));
    appended(answer(store.append(left.revision(), List.of(over), null)));
    assertThat(refusal(openSecond().append(left.revision(), List.of(over), null)).kind())
        .isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void a_command_for_an_unknown_device_fails_the_whole_append() {
    appended(store, made("a", 1_000));
    delete("pump-7");
    Command over = after(made("a", 1_000), State.CANCELLED, null, null);

    assertThat(refusal(append(store, null, over, made("b", 1_000))).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(refusal(append(store, null, of("nobody", made("b", 1_000)))).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(answer(store.get("a"))).hasValue(made("a", 1_000));
    assertThat(answer(store.get("b"))).isEmpty();
  }
}
