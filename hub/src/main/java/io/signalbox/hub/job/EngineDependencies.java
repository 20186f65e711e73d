package io.signalbox.hub.job;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.model.Event;

/**
 * Dependencies of the job engine.
 *
 * @param registry registry of devices
 * @param commands service that creates commands
 * @param changes events of job changes, to publish
 * @param clock Unix milliseconds
 */
record EngineDependencies(
    JobStore store,
    DeviceRegistry registry,
    CommandService commands,
    Topic<Event.JobChanged> changes,
    HubClock clock,
    JobSettings settings,
    JobMetrics output) {}
