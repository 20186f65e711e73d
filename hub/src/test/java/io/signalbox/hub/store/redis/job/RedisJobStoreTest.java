package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.store.JobStoreContract;
import org.junit.jupiter.api.AfterEach;

class RedisJobStoreTest extends JobStoreContract {
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
