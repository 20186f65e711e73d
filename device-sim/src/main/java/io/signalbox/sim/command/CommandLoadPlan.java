package io.signalbox.sim.command;

import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the command load.
 *
 * @param perSecond commands per second for the whole fleet
 * @param ttl time until a command expires
 * @param later share of commands with a {@code notBefore}
 * @param cancel share of commands that are cancelled at once
 * @param name the only command to create; empty for a mix
 */
public record CommandLoadPlan(
    double perSecond, Duration ttl, double later, double cancel, Optional<String> name) {}
