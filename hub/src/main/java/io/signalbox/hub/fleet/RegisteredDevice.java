package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Device;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device that has just been registered.
 *
 * @param key its key, which is not kept and cannot be had again
 * @param inOtherCase another device whose id differs in case only; null if there is none
 */
public record RegisteredDevice(Device device, String key, @Nullable String inOtherCase) {
  /** What whoever registered it should know, in sentences. */
  public List<String> warnings() {
    return inOtherCase == null
        ? List.of()
        : List.of("there is a device " + inOtherCase + ", whose id differs in case only");
  }
}
