package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.TelemetryStoreContract;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store satisfies the contract with tiny chunks, journal and memory, so that data moves often.
 */
class TinyChunksTest extends TelemetryStoreContract {
  @TempDir Path directory;

  @Override
  protected TelemetryStore open() throws IOException {
    TelemetrySettings tiny =
        new TelemetrySettings(Duration.ZERO, Duration.ZERO, 8, 200_000, 400, 200);
    return SqliteTelemetryStore.open(directory, tiny, HubClock.ofSystem());
  }
}
