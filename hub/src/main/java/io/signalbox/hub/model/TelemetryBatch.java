package io.signalbox.hub.model;

import java.util.List;

/**
 * Readings that one event loop received within a turn or a few; the unit of exchange between
 * components. Immutable.
 *
 * @param messages in order of arrival
 * @param readings number of readings in all messages
 */
public record TelemetryBatch(List<TelemetryMessage> messages, int readings) implements Event {}
