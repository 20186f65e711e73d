package io.signalbox.hub.diagnostics;

import org.jspecify.annotations.Nullable;

/**
 * A reason for the state of a device or a command.
 *
 * @param code stable code for programs; docs/operations.md lists all
 * @param text a sentence without a full stop
 * @param since Unix milliseconds since when it holds, or at which it happened; null if unknown
 */
public record Reason(String code, String text, @Nullable Long since) {}
