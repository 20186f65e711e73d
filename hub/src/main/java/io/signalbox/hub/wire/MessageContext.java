package io.signalbox.hub.wire;

/**
 * Sender and time of arrival of a message.
 *
 * @param device the device's id
 * @param now the hub's clock, Unix milliseconds
 */
record MessageContext(String device, long now) {}
