package io.signalbox.hub.fleet;

/**
 * A deleted device of which other stores may still hold data.
 *
 * @param number increases with every deletion
 * @param device the device's id; it cannot be registered while the record exists
 * @param settled whether every store has deleted its data at least once
 */
public record DeletionRecord(long number, String device, boolean settled) {}
