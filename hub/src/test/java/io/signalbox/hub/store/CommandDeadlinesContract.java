package io.signalbox.hub.store;

import static io.signalbox.hub.store.CommandAppends.appended;
import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contract of {@code CommandStore} with a wall clock that steps. */
public abstract class CommandDeadlinesContract extends CommandStoreContract {
  private static Command due(String id, State state, long created, long notBefore) {
    Step queued = new Step(State.QUEUED, created, "hub", null, null, "ann", null);
    Step leased = new Step(State.SENT, created, "hub", 7L, Transport.HTTP, null, null, 5_500L);
    long expires = Math.max(created, notBefore) + 1_000;
    List<Step> timeline = state == State.QUEUED ? List.of(queued) : List.of(queued, leased);
    return new Command(
        id, "pump-7", "start", "{}", created, expires, notBefore, 5_200L, null, null, null, null,
        null, timeline);
  }

  private Command moved(String id) {
    return answer(store.get(id)).orElseThrow();
  }

  @Test
  void a_step_of_the_wall_clock_moves_the_deadlines_of_unfinished_commands() {
    Command sent = due("sent", State.SENT, 4_800, 0);
    Command over = due("over", State.SENT, 4_700, 0);
    Command done = after(over, State.SUCCEEDED, null, null);
    Command made = sent.withTimeline(sent.timeline().subList(0, 1));
    appended(store, due("queued", State.QUEUED, 4_900, 0), made, sent);
    appended(store, due("later", State.QUEUED, 4_900, 10_000));
    appended(store, due("begins", State.QUEUED, 4_900, 5_100));
    appended(store, due("newer", State.QUEUED, 6_000, 0));
    Command begun = over.withTimeline(over.timeline().subList(0, 1));
    appended(store, begun, over, done);

    answer(store.moveDeadlines(new CommandStore.ClockStep(5_000, 8_000, 5_000)));

    assertThat(moved("queued").expires()).isEqualTo(5_900 + 3_000);
    assertThat(moved("queued").expectedBy()).isEqualTo(5_200 + 3_000);
    assertThat(moved("queued").created()).isEqualTo(4_900);
    assertThat(moved("sent").expires()).isEqualTo(5_800 + 3_000);
    assertThat(moved("sent").expectedBy()).isEqualTo(5_200);
    assertThat(moved("sent").timeline().getLast().leaseExpires()).isEqualTo(5_500 + 3_000);
    assertThat(moved("sent").version()).isEqualTo(2);
    assertThat(moved("later")).isEqualTo(due("later", State.QUEUED, 4_900, 10_000));
    assertThat(moved("begins").expires()).isEqualTo(8_000 + 1_000);
    assertThat(moved("newer")).isEqualTo(due("newer", State.QUEUED, 6_000, 0));
    assertThat(moved("over")).isEqualTo(done);
    assertThat(answer(store.due(6_999, 10))).isEmpty();
    assertThat(answer(store.due(7_000, 10))).containsExactly("pump-7");
  }
}
