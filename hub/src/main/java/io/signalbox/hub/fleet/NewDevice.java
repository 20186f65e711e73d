package io.signalbox.hub.fleet;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Registration request for a device, not validated yet.
 *
 * @param id as in {@link io.signalbox.hub.model.Device}
 * @param name at most 128 characters; null for none
 * @param type at most 64 characters; null for none
 * @param labels at most 32; keys {@code [A-Za-z0-9._-]{1,64}}, values of at most 256 characters
 * @param key the caller's own key, 24 to 256 printable ASCII characters; null to generate one
 */
public record NewDevice(
    String id,
    @Nullable String name,
    @Nullable String type,
    Map<String, String> labels,
    @Nullable String key) {}
