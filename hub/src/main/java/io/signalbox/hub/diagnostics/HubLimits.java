package io.signalbox.hub.diagnostics;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What answers need to know of the hub.
 *
 * @param window most commands that a session is handed before it has answered any of them
 * @param keep most notes that the recorder keeps of a device
 * @param obstacle tells why the hub cannot take work; null if it can
 */
public record HubLimits(int window, int keep, Supplier<@Nullable String> obstacle) {}
