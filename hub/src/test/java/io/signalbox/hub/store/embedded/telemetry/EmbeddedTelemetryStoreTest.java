package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.TelemetryStoreContract;
import io.signalbox.hub.telemetry.TelemetryStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store keeps the contract. */
class EmbeddedTelemetryStoreTest extends TelemetryStoreContract {
  @TempDir Path directory;

  @Override
  protected TelemetryStore open() throws IOException {
    return EmbeddedTelemetryStore.open(directory, TelemetrySettings.DEFAULTS, HubClock.ofSystem());
  }
}
