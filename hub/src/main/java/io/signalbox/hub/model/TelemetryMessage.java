package io.signalbox.hub.model;

import java.util.List;

/**
 * One accepted message: one or more readings of one device, in the order in which they came.
 *
 * @param device the device's id
 * @param readings at least one
 */
public record TelemetryMessage(String device, List<Reading> readings) {}
