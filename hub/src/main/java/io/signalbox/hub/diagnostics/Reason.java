package io.signalbox.hub.diagnostics;

import org.jspecify.annotations.Nullable;

/**
 * One thing that explains where a device or a command is.
 *
 * @param code a stable word that programs may rely on; docs/operations.md has them all
 * @param text a sentence for people, without a full stop
 * @param since Unix milliseconds since when it is so, or at which it happened; null if unknown
 */
public record Reason(String code, String text, @Nullable Long since) {}
