package io.signalbox.hub.api;

import io.signalbox.hub.access.AccessControl;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.deletion.DeviceDeletion;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.diagnostics.Diagnostics;
import io.signalbox.hub.fleet.DeviceDescriptions;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.StrictDevices;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.job.JobService;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Metrics;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.telemetry.HistoryService;

/** The services that the API calls. */
public record ApiServices(
    DeviceRegistry registry,
    DeviceTypes types,
    DeviceDescriptions descriptions,
    TypedDevices typed,
    StrictDevices strict,
    SessionRegistry sessions,
    TwinService twins,
    CommandService commands,
    JobService jobs,
    FlightRecorder recorder,
    Diagnostics diagnostics,
    HistoryService history,
    AccessControl access,
    DeviceDeletion deletion,
    Health health,
    Metrics metrics) {}
