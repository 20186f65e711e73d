package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.fleet.DeviceStore.Insertion;
import io.signalbox.hub.fleet.SessionStore;
import io.signalbox.hub.fleet.TwinStore;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The fleet's stores of one implementation, on shared data. */
public record FleetStores(DeviceStore devices, SessionStore sessions, TwinStore twins) {
  /** Adds plain devices whose keys are {@code key of ID}. */
  public List<Insertion> insert(String... ids) {
    return answer(
        devices.insert(Arrays.stream(ids).map(FleetStores::entry).toList(), ignored -> {}));
  }

  /** Deletes a device and frees its id. */
  public void delete(String id) {
    answer(devices.delete(id, () -> {}));
    answer(devices.deletionOver(id));
  }

  public static DeviceStore.Entry entry(String id) {
    return entry(new Device(id, null, null, Map.of(), true, 1_000));
  }

  public static DeviceStore.Entry entry(Device device) {
    return new DeviceStore.Entry(device, keyOf(device.id()));
  }

  public static KeyHash keyOf(String id) {
    return KeyHash.of("key of " + id);
  }
}
