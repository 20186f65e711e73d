package io.signalbox.hub.model;

import java.util.List;

/**
 * One accepted message: readings of one device, in order of arrival.
 *
 * @param device the device's id
 * @param readings at least one
 */
public record TelemetryMessage(String device, List<Reading> readings) {}
