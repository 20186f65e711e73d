package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.store.JobListContract;
import org.junit.jupiter.api.AfterEach;

class RedisJobListTest extends JobListContract {
  private final RedisJobs stores = new RedisJobs();

  @Override
  protected Stores open() {
    return stores.open();
  }

  @Override
  protected Stores openSecond() {
    return stores.openSecond();
  }

  @Override
  protected void kill() {
    stores.kill();
  }

  @AfterEach
  void close() {
    stores.close();
  }
}
