package io.signalbox.hub.telemetry;

/**
 * What is kept of one metric.
 *
 * @param metric its name
 * @param first Unix milliseconds of the oldest reading
 * @param last Unix milliseconds of the newest reading
 * @param count how many readings are kept (a reading sent twice may be counted twice until its
 *     chunks are merged)
 */
public record MetricSummary(String metric, long first, long last, long count) {}
