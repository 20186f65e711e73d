package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Value;

/**
 * A value of a series at an instant.
 *
 * @param ts Unix milliseconds
 * @param value the reading's value, or what an aggregate made of several
 */
public record Point(long ts, Value value) {}
