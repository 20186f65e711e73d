package io.signalbox.hub.store.sqlite.job;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.store.JobStoreContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJobStoreTest extends JobStoreContract {
  private final SqliteJobs stores = new SqliteJobs();
  @TempDir private Path scratch;

  @Override
  protected Stores open() {
    return stores.open(scratch);
  }

  @Override
  protected Stores openSecond() {
    return stores.openSecond();
  }

  @Override
  protected void kill() {
    stores.kill(scratch);
  }

  @Test
  void an_append_takes_three_statements_and_two_more_for_a_command_of_a_job() {
    Stores opened = openSecond();
    answer(opened.jobs().keep(job("j", 1), List.of("a"), null));
    Command made = made("j", "a");
    Command none = made("none", "b");
    Command alone =
        new Command(
            none.id(),
            none.device(),
            none.name(),
            none.params(),
            none.created(),
            none.expires(),
            none.notBefore(),
            null,
            null,
            null,
            null,
            null,
            null,
            none.timeline());

    assertThat(statements(opened, 0, alone, after(alone, Command.State.SENT))).isEqualTo(3);
    assertThat(statements(opened, 1, after(after(alone, Command.State.SENT), Command.State.FAILED)))
        .isEqualTo(3);
    assertThat(statements(opened, 0, made, after(made, Command.State.SENT))).isEqualTo(5);
    assertThat(statements(opened, 1, after(after(made, Command.State.SENT), Command.State.FAILED)))
        .isEqualTo(5);
  }

  private long statements(Stores opened, long revision, Command... steps) {
    long before = stores.statements();
    answer(opened.commands().append(revision, List.of(steps), null));
    return stores.statements() - before;
  }

  @AfterEach
  void close() {
    stores.close();
  }
}
