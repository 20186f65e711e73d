package io.signalbox.hub.api;

import io.signalbox.hub.access.Access;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.fleet.Twins;
import io.signalbox.hub.telemetry.History;

/** The rooms that the API asks. */
public record Rooms(
    Registry registry,
    Presences presences,
    Twins twins,
    Commands commands,
    History history,
    Access access) {}
