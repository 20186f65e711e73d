package io.signalbox.hub.telemetry;

/**
 * Summary of a stored metric.
 *
 * @param metric name of the metric
 * @param first Unix milliseconds of the oldest reading
 * @param last Unix milliseconds of the newest reading
 * @param count number of stored readings (a reading sent twice may be counted twice until its
 *     chunks are merged)
 */
public record MetricSummary(String metric, long first, long last, long count) {}
