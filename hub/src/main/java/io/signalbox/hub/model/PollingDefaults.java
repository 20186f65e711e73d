package io.signalbox.hub.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Defaults of a device type for devices that poll; null for the hub's settings.
 *
 * @param pollCost cost of a poll, in seconds of delay of one command
 * @param minInterval minimum interval between polls
 * @param maxInterval maximum interval between polls
 * @param commandInterval expected time between commands
 */
public record PollingDefaults(
    @Nullable Double pollCost,
    @Nullable Duration minInterval,
    @Nullable Duration maxInterval,
    @Nullable Duration commandInterval) {}
