package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Device;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A newly registered device.
 *
 * @param key its key, which is not stored and cannot be retrieved again
 * @param inOtherCase another device whose id differs only in case; null if there is none
 */
public record RegisteredDevice(Device device, String key, @Nullable String inOtherCase) {
  /** Warnings for the caller, in sentences. */
  public List<String> warnings() {
    return inOtherCase == null
        ? List.of()
        : List.of("device " + inOtherCase + " exists, whose id differs only in case");
  }
}
