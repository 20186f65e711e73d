package io.signalbox.hub.model;

import java.util.List;

/**
 * A batch of readings that one event loop received in one turn; the unit of exchange between
 * components. Immutable.
 *
 * @param messages in order of arrival
 * @param readings number of readings in all messages
 */
public record TelemetryBatch(List<TelemetryMessage> messages, int readings) implements Event {}
