package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.TelemetryStoreContract;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The SQLite store satisfies the contract. */
class SqliteTelemetryStoreTest extends TelemetryStoreContract {
  @TempDir Path directory;

  @Override
  protected TelemetryStore open() throws IOException {
    return SqliteTelemetryStore.open(directory, TelemetrySettings.DEFAULTS, HubClock.ofSystem());
  }
}
