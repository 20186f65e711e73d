package io.signalbox.hub.model;

/**
 * A measurement of a device. Identified by (device, metric, ts): the same reading again replaces
 * the value.
 *
 * @param metric name of the metric, 1 to 128 characters
 * @param ts Unix milliseconds, UTC
 * @param value the measured value
 */
public record Reading(String metric, long ts, Value value) {}
