package io.signalbox.hub.store.sqlite.job;

import io.signalbox.hub.store.JobListContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteJobListTest extends JobListContract {
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

  @AfterEach
  void close() {
    stores.close();
  }
}
