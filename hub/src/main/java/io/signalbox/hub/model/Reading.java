package io.signalbox.hub.model;

/**
 * One measurement of a device. Identified by (device, metric, ts): the same reading again changes
 * nothing but the value.
 *
 * @param metric name of what was measured, 1 to 128 characters
 * @param ts Unix milliseconds, UTC
 * @param value what was measured
 */
public record Reading(String metric, long ts, Value value) {}
