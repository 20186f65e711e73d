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
  void acknowledged_writes_survive_a_kill() throws Exception {
    int acknowledged = lastNumberOfAKilledWriter();

    SqliteDatabase database = SqliteDatabase.open(directory, KilledWriter.NOTES);
    List<Integer> kept =
        answer(database.read(sql -> sql.query("SELECT id FROM note", row -> row.getInt(1))));
    answer(database.close());

    // Consecutive numbers: none is missing and none is duplicated.
    assertThat(kept).isEqualTo(IntStream.rangeClosed(1, kept.size()).boxed().toList());
    assertThat(kept).hasSizeGreaterThanOrEqualTo(acknowledged);
  }

  private int lastNumberOfAKilledWriter() throws Exception {
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
        last = Math.max(last, Integer.parseInt(word)); // the last number may be truncated
        if (last == 2_000) {
          writer.toHandle().destroyForcibly(); // its output remains readable
        }
      }
    } finally {
      writer.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    return last;
  }
}
