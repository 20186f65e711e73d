package io.signalbox.hub.telemetry;

/**
 * A span of one series.
 *
 * @param device the device's id
 * @param metric the metric's name
 * @param from Unix milliseconds, inclusive
 * @param to Unix milliseconds, exclusive
 */
public record SeriesRange(String device, String metric, long from, long to) {}
