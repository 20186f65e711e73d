package io.signalbox.hub.wire;

/**
 * Who speaks, and when.
 *
 * @param device the device's id
 * @param now the hub's clock, Unix milliseconds
 */
record MessageContext(String device, long now) {}
