package io.signalbox.hub.model;

import org.jspecify.annotations.Nullable;

/**
 * What a device answers to a command.
 *
 * @param id the command's id
 * @param status one of {@code ACCEPTED}, {@code SUCCEEDED}, {@code FAILED}, {@code REJECTED}
 * @param data JSON that the device gives along; null if none
 * @param error the device's words; null if none
 */
public record CommandResult(
    String id, Command.State status, @Nullable String data, @Nullable String error) {}
