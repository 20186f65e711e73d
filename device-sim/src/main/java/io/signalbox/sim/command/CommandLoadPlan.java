package io.signalbox.sim.command;

import java.time.Duration;
import java.util.Optional;

/**
 * What a commander is to do.
 *
 * @param perSecond commands a second over the whole fleet
 * @param ttl how long each may take
 * @param later the share of commands that must not be delivered at once
 * @param cancel the share that is taken back as soon as it was given
 * @param name the only command to give; empty for what such machines are usually asked
 */
public record CommandLoadPlan(
    double perSecond, Duration ttl, double later, double cancel, Optional<String> name) {}
