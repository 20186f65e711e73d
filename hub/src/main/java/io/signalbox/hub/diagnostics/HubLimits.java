package io.signalbox.hub.diagnostics;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits and state of the hub that explanations refer to.
 *
 * @param window maximum number of unanswered commands per session
 * @param keep number of recorder entries kept per device
 * @param obstacle supplies why the hub is not ready; null if it is
 */
public record HubLimits(int window, int keep, Supplier<@Nullable String> obstacle) {}
