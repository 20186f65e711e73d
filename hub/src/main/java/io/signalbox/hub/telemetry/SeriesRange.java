package io.signalbox.hub.telemetry;

/**
 * A time range of a series.
 *
 * @param device the device's id
 * @param metric name of the metric
 * @param from Unix milliseconds, inclusive
 * @param to Unix milliseconds, exclusive
 */
public record SeriesRange(String device, String metric, long from, long to) {}
