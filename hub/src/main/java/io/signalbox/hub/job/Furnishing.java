package io.signalbox.hub.job;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.model.Event;

/**
 * What a room is made with.
 *
 * @param registry who the devices are
 * @param commands where commands are made
 * @param steps of commands, as they are told
 * @param changes of jobs, to be told
 * @param clock Unix milliseconds
 */
record Furnishing(
    JobStore store,
    Registry registry,
    Commands commands,
    Topic<Event.CommandChanged> steps,
    Topic<Event.JobChanged> changes,
    HubClock clock,
    JobSettings settings,
    Output output) {}
