package io.signalbox.hub;

import io.signalbox.hub.access.AccessStore;
import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.devicetype.DeviceTypeStore;
import io.signalbox.hub.fleet.DescriptionStore;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.fleet.SessionStore;
import io.signalbox.hub.fleet.TwinStore;
import io.signalbox.hub.job.JobStore;
import io.signalbox.hub.recorder.RecorderStore;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stores of a hub, all on one backend: the embedded one or Redis.
 *
 * @param disk reserve of the data directory; null if there is none
 * @param fault the fault of the backend in a sentence; null if there is none
 * @param closing writes pending data and closes the backend
 */
record Stores(
    DeviceStore devices,
    DeviceTypeStore types,
    DescriptionStore descriptions,
    SessionStore sessions,
    TwinStore twins,
    CommandStore commands,
    JobStore jobs,
    RecorderStore recorder,
    AccessStore access,
    TelemetryStore telemetry,
    @Nullable DiskReserve disk,
    Supplier<@Nullable String> fault,
    Supplier<Future<Void>> closing) {

  /** Writes pending data and closes the backend. */
  Future<Void> close() {
    return closing.get();
  }
}
