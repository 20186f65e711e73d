package io.signalbox.hub.store;

import static io.signalbox.hub.store.CommandAppends.append;
import static io.signalbox.hub.store.CommandAppends.appended;
import static io.signalbox.hub.store.CommandAppends.claim;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of all implementations of {@link CommandStore}. */
public abstract class CommandStoreContract {
  CommandStore store;

  /** Opens the store with its previous contents; empty the first time. */
  protected abstract CommandStore open();

  /** Another instance on the same contents, as another node of a cluster has it. */
  protected abstract CommandStore openSecond();

  /** Kills the store without closing it, as far as possible. */
  protected abstract void kill();

  /** Registers a device. */
  protected abstract void register(String device);

  /** Deletes a device. */
  protected abstract void delete(String device);

  @BeforeEach
  void openFirst() {
    store = open();
    List.of("pump-7", "pump-8", "other", "late", "soon").forEach(this::register);
  }

  @Test
  void a_command_is_read_back_completely() {
    Command made =
        new Command(
            "0190-full",
            "pump-7",
            "start",
            "{\"speed\":1.10}",
            1_000,
            61_000,
            2_000,
            2_000L,
            "speed",
            "{\"ticket\":\"é\"}",
            "job-1",
            null,
            null,
            List.of(new Step(State.QUEUED, 1_000, "hub", null, null, "ann", "reason")));
    appended(store, made);
    Command done = after(sent(made), State.SUCCEEDED, "{\"ok\":true}", "hm");
    appended(store, sent(made), done);

    assertThat(answer(store.get("0190-full"))).hasValue(done);
    assertThat(answer(store.get("unknown"))).isEmpty();
  }

  @Test
  void appended_commands_survive_a_crash() {
    Command made = made("a", 1_000);
    appended(store, made, sent(made));

    kill();
    store = open();

    assertThat(answer(store.get("a"))).hasValue(sent(made));
    appended(store, after(sent(made), State.FAILED, null, "no"));
  }

  @Test
  void an_update_that_skips_a_step_is_refused() {
    Command made = made("a", 1_000);
    appended(store, made);
    appended(store, sent(made));

    assertThat(refusal(append(store, null, made)).kind()).isEqualTo(ErrorCode.CONFLICT);
    assertThat(refusal(append(store, null, sent(made))).kind()).isEqualTo(ErrorCode.CONFLICT);
    Command unknown = sent(made("b", 1_000));
    assertThat(refusal(append(store, null, unknown)).kind()).isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void steps_of_one_append_are_stored_all_or_none() {
    Command made = made("a", 1_000);
    appended(store, made);

    Command other = made("b", 1_000);
    assertThat(refusal(append(store, null, sent(made), other, made)).kind())
        .isEqualTo(ErrorCode.CONFLICT);

    assertThat(answer(store.get("a"))).hasValue(made);
    assertThat(answer(store.get("b"))).isEmpty();
  }

  @Test
  void a_job_has_at_most_one_command_per_device() {
    appended(store, of("pump-7", "job-1", made("a", 1_000)));
    appended(store, of("pump-8", "job-1", made("b", 1_000)));
    appended(store, of("pump-7", "job-2", made("c", 1_000)));

    Command second = of("pump-7", "job-1", made("d", 2_000));
    assertThat(refusal(append(store, null, second)).kind()).isEqualTo(ErrorCode.CONFLICT);
    assertThat(answer(store.get("d"))).isEmpty();
    assertThat(answer(store.get("b")).orElseThrow().job()).isEqualTo("job-1");
  }

  @Test
  void unfinished_commands_are_listed_in_insertion_order_whatever_their_ids_and_times() {
    Command first = made("z", 5_000);
    Command second = made("a", 1_000);
    Command over = after(made("m", 2_000), State.CANCELLED, null, null);
    appended(store, first);
    appended(store, second, made("m", 2_000), over);
    appended(store, of("other", made("x", 1_000)));
    appended(store, sent(first));

    assertThat(answer(store.unfinished("pump-7")).commands()).containsExactly(sent(first), second);
  }

  @Test
  void an_idempotency_key_returns_the_newest_command_that_used_it() {
    answer(append(store, claim("key", "print-1", 0), made("a", 1_000)));
    assertThat(answer(store.original("pump-7", "key", 1_000)))
        .hasValue(new FirstUse("a", "print-1"));
    assertThat(answer(store.original("pump-7", "key", 1_001))).isEmpty();
    assertThat(answer(store.original("pump-8", "key", 0))).isEmpty();
    assertThat(answer(store.original("pump-7", "other", 0))).isEmpty();

    answer(append(store, claim("key", "print-2", 1_001), made("b", 9_000)));
    assertThat(answer(store.original("pump-7", "key", 0))).hasValue(new FirstUse("b", "print-2"));
  }

  @Test
  void devices_with_unanswered_commands_are_found() {
    appended(store, made("a", 1_000), sent(made("a", 1_000)));
    appended(store, of("pump-8", made("b", 1_000)));

    assertThat(answer(store.awaitingAnswer("", 10))).containsExactly("pump-7");
    assertThat(answer(store.awaitingAnswer("", 0))).isEmpty();
  }

  @Test
  void unanswered_devices_are_paged() {
    for (String device : List.of("c", "a", "b")) {
      register(device);
      Command made = of(device, made("of-" + device, 1_000));
      appended(store, made, sent(made));
    }

    assertThat(answer(store.awaitingAnswer("", 2))).containsExactly("a", "b");
    assertThat(answer(store.awaitingAnswer("b", 2))).containsExactly("c");
    assertThat(answer(store.awaitingAnswer("c", 2))).isEmpty();
  }

  @Test
  void a_lease_is_stored_with_its_step() {
    Command made = made("a", 1_000);
    Step leased = new Step(State.SENT, 2_000, "hub", 7L, Transport.HTTP, null, null, 32_000L);
    Command sent = made.withTimeline(List.of(made.timeline().getFirst(), leased));
    appended(store, made, sent);

    assertThat(answer(store.unfinished("pump-7")).commands().getFirst().timeline().getLast())
        .isEqualTo(leased);
  }

  @Test
  void devices_with_overdue_commands_are_found_earliest_deadline_first() {
    appended(store, of("late", made("a", 9_000)));
    appended(store, of("soon", made("b", 1_000)));
    Command over = after(made("c", 500), State.CANCELLED, null, null);
    appended(store, made("c", 500), over);

    assertThat(answer(store.due(60_999, 10))).isEmpty();
    assertThat(answer(store.due(61_000, 10))).containsExactly("soon");
    assertThat(answer(store.due(100_000, 10))).containsExactly("soon", "late");
    assertThat(answer(store.due(100_000, 1))).containsExactly("soon");
  }

  @Test
  void pages_go_from_newest_to_oldest_without_gap_or_repeat() {
    List<String> made = IntStream.range(0, 25).mapToObj(i -> "id-%02d".formatted(i)).toList();
    made.forEach(id -> appended(store, made(id, 1_000)));
    appended(store, of("other", made("x", 1_000)));

    List<String> read = new ArrayList<>();
    Page<Command> page = answer(store.list(query("pump-7", null)));
    while (page.next() != null) {
      page.items().forEach(command -> read.add(command.id()));
      page = answer(store.list(after(query("pump-7", null), page.next())));
    }
    page.items().forEach(command -> read.add(command.id()));

    assertThat(read).isEqualTo(made.reversed());
    assertThat(page.total()).isEqualTo(25);
  }

  @Test
  void a_list_can_be_filtered_by_state() {
    appended(store, made("a", 1_000), sent(made("a", 1_000)));
    appended(store, made("b", 1_000));
    Command over = after(made("c", 1_000), State.CANCELLED, null, null);
    appended(store, made("c", 1_000), over);

    Page<Command> page = answer(store.list(query("pump-7", null, State.SENT, State.CANCELLED)));

    assertThat(page.items()).extracting(Command::id).containsExactly("c", "a");
    assertThat(page.total()).isEqualTo(2);
  }

  @Test
  void a_list_of_all_devices_is_filtered_and_paged() {
    for (int i = 0; i < 30; i++) {
      Command made = of(i % 2 == 0 ? "pump-7" : "pump-8", made("id-%02d".formatted(i), 1_000));
      appended(store, made);
      if (i % 3 == 0) {
        appended(store, sent(made));
      }
    }

    assertThat(read(query(null, null))).hasSize(30).startsWith("id-29", "id-28").endsWith("id-00");
    assertThat(read(query(null, null, State.SENT))).hasSize(10).startsWith("id-27", "id-24");
    assertThat(read(query(null, null, State.SENT, State.QUEUED))).hasSize(30).startsWith("id-29");
    assertThat(read(query(null, null, State.FAILED))).isEmpty();
    assertThat(read(query("pump-8", null, State.SENT))).hasSize(5).startsWith("id-27", "id-21");
    assertThat(refusal(store.list(query("nobody", null))).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
  }

  @Test
  void a_list_can_be_filtered_by_job() {
    appended(store, made("a", 1_000));
    appended(store, of("pump-8", "j", made("b", 1_000)));
    appended(store, of("pump-7", "j", made("c", 1_000)));
    appended(store, of("pump-7", "k", made("d", 1_000)));

    assertThat(read(query(null, "j"))).containsExactly("c", "b");
    assertThat(read(query("pump-7", "k", State.QUEUED))).containsExactly("d");
    assertThat(answer(store.list(query(null, "j"))).total()).isEqualTo(2);
  }

  @Test
  void unfinished_commands_of_a_deleted_device_are_found_and_can_be_ended() {
    appended(store, made("a", 1_000));
    appended(store, of("pump-8", made("b", 1_000)));
    assertThat(answer(store.orphaned(10))).isEmpty();

    delete("pump-7");

    assertThat(answer(store.orphaned(10))).containsExactly("pump-7");
    appended(store, after(made("a", 1_000), State.CANCELLED, null, null));
    assertThat(answer(store.orphaned(10))).isEmpty();
  }

  @Test
  void a_reregistered_device_has_no_commands_or_keys_of_the_former_one() {
    answer(append(store, claim("key", "print", 0), made("a", 1_000)));
    delete("pump-7");
    register("pump-7");
    appended(store, made("b", 1_000));
    appended(store, after(made("a", 1_000), State.CANCELLED, null, null));

    Page<Command> page = answer(store.list(query("pump-7", null)));

    assertThat(page.items()).extracting(Command::id).containsExactly("b");
    assertThat(page.total()).isEqualTo(1);
    assertThat(answer(store.original("pump-7", "key", 0))).isEmpty();
    assertThat(answer(store.get("a"))).isPresent();
  }

  @Test
  void an_invalid_cursor_is_refused() {
    assertThat(refusal(store.list(after(query("pump-7", null), "no such place!"))).kind())
        .isEqualTo(ErrorCode.INVALID);
  }

  @Test
  void old_finished_commands_are_deleted_oldest_first_in_batches() {
    for (int i = 0; i < 5; i++) {
      Command made = made("over-" + i, 1_000 + i);
      appended(store, made, after(made, State.CANCELLED, null, null));
    }
    appended(store, made("unfinished", 1));

    assertThat(answer(store.trim(1_004, 3))).isEqualTo(3);
    assertThat(answer(store.get("over-2"))).isEmpty();
    assertThat(answer(store.trim(1_004, 3))).isEqualTo(1);
    assertThat(answer(store.get("over-4"))).isPresent();
    assertThat(answer(store.get("unfinished"))).isPresent();
  }

  /** The ids on all pages of ten. */
  private List<String> read(CommandQuery query) {
    List<String> ids = new ArrayList<>();
    Page<Command> page = answer(store.list(query));
    page.items().forEach(command -> ids.add(command.id()));
    while (page.next() != null) {
      page = answer(store.list(after(query, page.next())));
      page.items().forEach(command -> ids.add(command.id()));
    }
    return ids;
  }

  private static CommandQuery after(CommandQuery query, String cursor) {
    return new CommandQuery(query.device(), query.job(), query.states(), cursor, query.limit());
  }

  private static CommandQuery query(
      @Nullable String device, @Nullable String job, State... states) {
    return new CommandQuery(device, job, Set.of(states), null, 10);
  }

  static Command made(String id, long at) {
    Step first = new Step(State.QUEUED, at, "hub", null, null, "ann", null);
    return new Command(
        id,
        "pump-7",
        "start",
        "{}",
        at,
        at + 60_000,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(first));
  }

  static Command of(String device, Command command) {
    return of(device, null, command);
  }

  private static Command of(String device, @Nullable String job, Command command) {
    return new Command(
        command.id(),
        device,
        command.name(),
        command.params(),
        command.created(),
        command.expires(),
        command.notBefore(),
        command.expectedBy(),
        command.collapse(),
        command.metadata(),
        job,
        command.result(),
        command.error(),
        command.timeline());
  }

  private static Command sent(Command command) {
    Step step = new Step(State.SENT, command.created(), "hub", 7L, Transport.WEBSOCKET, null, null);
    return with(command, step, null, null);
  }

  static Command after(
      Command command, State state, @Nullable String result, @Nullable String error) {
    Step step = new Step(state, command.created(), "hub", null, null, "pump-7", "reason");
    return with(command, step, result, error);
  }

  private static Command with(
      Command command, Step step, @Nullable String result, @Nullable String error) {
    List<Step> timeline = new ArrayList<>(command.timeline());
    timeline.add(step);
    return command.with(command.expectedBy(), result, error, timeline);
  }
}
