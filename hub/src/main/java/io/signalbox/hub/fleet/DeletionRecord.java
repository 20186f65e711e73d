package io.signalbox.hub.fleet;

/**
 * A device that was deleted and of which other stores may still keep something.
 *
 * @param number later deletions have higher numbers
 * @param device the device's id; none is registered under it as long as this is kept
 * @param settled whether every store has removed what it kept at least once
 */
public record DeletionRecord(long number, String device, boolean settled) {}
