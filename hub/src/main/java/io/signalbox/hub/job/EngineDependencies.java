package io.signalbox.hub.job;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceRegistry;
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
record EngineDependencies(
    JobStore store,
    DeviceRegistry registry,
    CommandService commands,
    Topic<Event.CommandChanged> steps,
    Topic<Event.JobChanged> changes,
    HubClock clock,
    JobSettings settings,
    JobMetrics output) {}
