package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.command.CommandFixture.request;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.command.CommandStore.AppendResult;
import io.signalbox.hub.command.TestPoller.Waiting;
import io.signalbox.hub.fleet.EvictionListener;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services on one store and one topic, as two nodes have them. */
class CommandNodesTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final EvictionListener EVICTED_BY_NOBODY = end -> {};

  @AutoClose private final CommandFixture fixture;
  private final CommandService other;

  CommandNodesTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, CommandFixture.SETTINGS);
    other = fixture.otherNode(fixture.store());
  }

  @Test
  void a_connected_device_gets_commands_made_on_either_node_in_order() {
    TestConnection line = fixture.connect(DEVICE);

    answer(other.submit(DEVICE, request("one"), "ann"));
    await().until(() -> line.names().equals(List.of("one")));
    fixture.submit("two");

    assertThat(line.names()).containsExactly("one", "two");
    assertThat(line.delivered().getFirst().timeline().getLast().node()).isEqualTo("hub");
  }

  @Test
  void a_command_sent_by_one_node_is_not_lost_for_another() {
    Session session =
        answer(fixture.sessions().open(DEVICE, Transport.WEBSOCKET, "10.0.0.7", EVICTED_BY_NOBODY));
    TestConnection line = new TestConnection(session, fixture.commands());
    line.attach();
    Command sent = fixture.submit("one");
    await().until(() -> line.delivered().size() == 1);

    answer(other.submit(DEVICE, request("two"), "ann"));
    await().until(() -> line.delivered().size() == 2);
    CommandService started = fixture.otherNode(fixture.store());
    answer(started.submit(DEVICE, request("three"), "ann"));
    await().until(() -> line.delivered().size() == 3);

    assertThat(line.names()).containsExactly("one", "two", "three");
    assertThat(answer(fixture.store().get(sent.id())).orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void a_command_sent_in_a_session_that_is_not_known_yet_is_not_lost() {
    TestConnection line = fixture.connect(DEVICE); // a session without an event
    fixture.submit("one");
    await().until(() -> line.delivered().size() == 1);

    answer(other.submit(DEVICE, request("two"), "ann"));
    await().until(() -> line.delivered().size() == 2);

    assertThat(line.names()).containsExactly("one", "two");
  }

  @Test
  void a_held_poll_is_answered_with_a_command_made_on_another_node() {
    Waiting poll = fixture.poller(DEVICE).waits();

    answer(other.submit(DEVICE, request("start"), "ann"));

    await().until(poll::isOver);
    assertThat(poll.names()).containsExactly("start");
  }

  @Test
  void a_held_request_is_answered_by_a_change_on_another_node() {
    Command made = fixture.submit("start");
    Future<Command> end = other.awaitCompletion(made, LONG).outcome();
    Future<Command> change =
        other.awaitChange(made.id(), seen -> seen.version() == 1, LONG).outcome();
    await().until(() -> other.heldRequestCount() == 2);

    answer(fixture.commands().cancel(made.id(), "ann"));

    assertThat(answer(end).state()).isEqualTo(State.CANCELLED);
    assertThat(answer(change)).isEqualTo(answer(end));
  }

  @Test
  void who_makes_a_command_on_one_node_waits_for_the_answer_on_another() {
    TestConnection line = fixture.connect(DEVICE);
    Future<Command> end = other.submit(DEVICE, request("start"), "ann", LONG).outcome();
    await().until(() -> line.delivered().size() == 1);

    answer(line.says(line.delivered().getFirst().id(), State.SUCCEEDED));

    assertThat(answer(end).state()).isEqualTo(State.SUCCEEDED);
  }

  @Test
  void a_command_that_another_node_has_cancelled_is_not_delivered() {
    TestPoller poller = fixture.poller(DEVICE);
    assertThat(poller.fetch()).isEmpty();
    Command made = fixture.submit("start");
    answer(other.cancel(made.id(), "ann"));

    assertThat(poller.fetch()).isEmpty();
    assertThat(refusal(fixture.commands().cancel(made.id(), "ann")).kind())
        .isEqualTo(ErrorCode.COMMAND_FINISHED);
  }

  @Test
  void an_answer_in_a_request_counts_on_a_node_that_knows_an_older_session() {
    TestPoller older = fixture.poller(DEVICE);
    Command made = fixture.submit("start");
    assertThat(fixture.poller(DEVICE).fetch()).hasSize(1);
    CommandResult result = new CommandResult(made.id(), State.SUCCEEDED, null, null);

    assertThat(refusal(other.result(older.session(), result)).kind()).isEqualTo(ErrorCode.CONFLICT);
    answer(other.result(older.session(), result, false));

    assertThat(fixture.get(made.id()).state()).isEqualTo(State.SUCCEEDED);
  }

  @Test
  void a_node_answers_by_the_stored_queue_before_events_of_the_other_arrive() {
    CommandService late = fixture.otherNodeWithoutEvents();
    TestPoller here = new TestPoller(fixture.poller(DEVICE).session(), late);
    assertThat(here.fetch()).isEmpty();
    Command made = fixture.submit("start");
    assertThat(fixture.poller(DEVICE).fetch()).hasSize(1);

    CommandResult result = new CommandResult(made.id(), State.SUCCEEDED, null, null);
    answer(late.result(here.session(), result, false));

    assertThat(fixture.get(made.id()).state()).isEqualTo(State.SUCCEEDED);
  }

  @Test
  void concurrent_requests_on_both_nodes_do_not_exceed_the_limit_of_the_queue() {
    List<Future<Command>> requests = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      requests.add(fixture.commands().submit(DEVICE, request("a" + i), "ann"));
      requests.add(other.submit(DEVICE, request("b" + i), "ann"));
    }

    List<Refusal> refused = new ArrayList<>();
    for (Future<Command> request : requests) {
      answer(request.map(Command::id).recover(cause -> Future.succeededFuture("")));
      if (request.failed()) {
        refused.add((Refusal) request.cause());
      }
    }
    int most = CommandFixture.SETTINGS.maxQueued();
    assertThat(refused).hasSize(20 - most);
    assertThat(refused).extracting(Refusal::kind).containsOnly(ErrorCode.QUEUE_FULL);
    assertThat(answer(fixture.store().unfinished(DEVICE)).commands()).hasSize(most);
  }

  @Test
  void concurrent_repetitions_on_both_nodes_get_one_command() {
    CommandRequest repeated =
        new CommandRequest("start", "{}", Duration.ofHours(1), null, null, null, "key-1");
    List<Future<Command>> requests =
        IntStream.range(0, 20)
            .mapToObj(i -> i % 2 == 0 ? fixture.commands() : other)
            .map(node -> node.submit(DEVICE, repeated, "ann"))
            .toList();

    assertThat(requests).extracting(request -> answer(request).id()).containsOnly(id(requests));
    assertThat(answer(fixture.store().unfinished(DEVICE)).commands()).hasSize(1);
  }

  private static String id(List<Future<Command>> requests) {
    return answer(requests.getFirst()).id();
  }

  @Test
  void a_repetition_is_answered_although_the_queue_and_the_disk_are_full() {
    CommandRequest repeated =
        new CommandRequest("start", "{}", Duration.ofHours(1), null, null, null, "key-1");
    Command first = answer(fixture.commands().submit(DEVICE, repeated, "ann"));
    IntStream.range(1, CommandFixture.SETTINGS.maxQueued())
        .forEach(i -> fixture.submit("other-" + i));

    assertThat(answer(other.submit(DEVICE, repeated, "ann"))).isEqualTo(first);
    fixture.diskFull.set(true);
    assertThat(answer(other.submit(DEVICE, repeated, "ann"))).isEqualTo(first);
    assertThat(refusal(other.submit(DEVICE, request("new"), "ann")).kind())
        .isEqualTo(ErrorCode.QUEUE_FULL);
  }

  @Test
  void a_request_gives_up_when_others_change_the_queue_all_the_time() {
    AtomicInteger conflicts = new AtomicInteger();
    CommandService contended = fixture.otherNode(contended(fixture.store(), conflicts));

    conflicts.set(DeviceMailbox.MAX_ATTEMPTS);
    Refusal refused = refusal(contended.submit(DEVICE, request("start"), "ann"));
    assertThat(refused.kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refused.detail()).contains("other nodes");
    assertThat(conflicts).hasValue(0);

    conflicts.set(DeviceMailbox.MAX_ATTEMPTS - 1);
    Command made = answer(contended.submit(DEVICE, request("start"), "ann"));
    assertThat(answer(fixture.store().unfinished(DEVICE)).commands()).containsExactly(made);
  }

  /** A store whose next appends conflict. */
  private static CommandStore contended(CommandStore store, AtomicInteger conflicts) {
    return (CommandStore)
        Proxy.newProxyInstance(
            CommandStore.class.getClassLoader(),
            new Class<?>[] {CommandStore.class},
            (proxy, method, arguments) ->
                method.getName().equals("append")
                        && conflicts.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                    ? Future.succeededFuture(new AppendResult.Conflict(99))
                    : method.invoke(store, arguments));
  }
}
