package io.signalbox.hub.model;

import org.jspecify.annotations.Nullable;

/**
 * Result of a command, as reported by the device.
 *
 * @param id the command's id
 * @param status one of {@code ACCEPTED}, {@code SUCCEEDED}, {@code FAILED}, {@code REJECTED}
 * @param data JSON data of the device; null if none
 * @param error error text of the device; null if none
 */
public record CommandResult(
    String id, Command.State status, @Nullable String data, @Nullable String error) {}
