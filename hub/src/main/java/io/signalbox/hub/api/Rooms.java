package io.signalbox.hub.api;

import io.signalbox.hub.access.Access;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.deletion.DeviceDeletion;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.fleet.Twins;
import io.signalbox.hub.job.Jobs;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.telemetry.History;
import io.signalbox.hub.why.Why;

/** The rooms that the API asks. */
public record Rooms(
    Registry registry,
    Presences presences,
    Twins twins,
    Commands commands,
    Jobs jobs,
    FlightRecorder recorder,
    Why why,
    History history,
    Access access,
    DeviceDeletion deletion) {}
