package io.signalbox.hub.store.sqlite;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseKillTest {
  @TempDir Path directory;

  @Test
  @Timeout(400)
  void a_hub_that_is_killed_at_work_comes_back_with_all_that_was_acknowledged() throws Exception {
    int acknowledged = lastWordOfAKilledWriter();

    SqliteDatabase database = SqliteDatabase.open(directory, KilledWriter.NOTES);
    List<Integer> kept =
        answer(database.read(sql -> sql.query("SELECT id FROM note", row -> row.getInt(1))));
    answer(database.close());

    // In order and without a gap, so none is missing and none is there twice.
    assertThat(kept).isEqualTo(IntStream.rangeClosed(1, kept.size()).boxed().toList());
    assertThat(kept).hasSizeGreaterThanOrEqualTo(acknowledged);
  }

  private int lastWordOfAKilledWriter() throws Exception {
    Process writer =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                KilledWriter.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int last = 0;
    try (BufferedReader words = writer.inputReader(StandardCharsets.US_ASCII)) {
      for (String word = words.readLine(); word != null; word = words.readLine()) {
        last = Math.max(last, Integer.parseInt(word)); // the last word may be cut short
        if (last == 2_000) {
          writer.toHandle().destroyForcibly(); // and what it has said can still be read
        }
      }
    } finally {
      writer.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    return last;
  }
}
