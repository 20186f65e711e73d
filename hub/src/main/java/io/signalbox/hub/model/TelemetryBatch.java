package io.signalbox.hub.model;

import java.util.List;

/**
 * The unit in which readings cross rooms: what one event loop took in during one turn. Immutable.
 *
 * @param messages in the order in which they came
 * @param readings how many readings the messages hold together
 */
public record TelemetryBatch(List<TelemetryMessage> messages, int readings) implements Event {}
