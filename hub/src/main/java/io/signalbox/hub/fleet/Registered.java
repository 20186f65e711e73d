package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Device;

/**
 * A device that has just been registered, and its key, which is not kept and cannot be had again.
 */
public record Registered(Device device, String key) {}
