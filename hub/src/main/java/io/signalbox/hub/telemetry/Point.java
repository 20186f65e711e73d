package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Value;

/**
 * A value at a time.
 *
 * @param ts Unix milliseconds
 * @param value the reading's value, or an aggregate of several
 */
public record Point(long ts, Value value) {}
