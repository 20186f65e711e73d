package io.signalbox.hub.store.redis.command;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DeviceStore.Entry;
import io.signalbox.hub.fleet.DeviceStore.Insertion;
import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.fleet.RedisDeviceStore;
import java.util.List;
import java.util.Map;

/** Devices that have commands. Their own events go to streams of another system. */
public final class RedisFleetDevices {
  private final RedisDeviceStore store;
  private int keysMade;

  /** The devices of a system. */
  public RedisFleetDevices(RedisLink link, RedisKeys keys) {
    RedisKeys others = new RedisKeys(keys.prefix() + "-devices", keys.partitions());
    store = new RedisDeviceStore(link, keys, new EventStreams(others, "node", 1_000));
  }

  /** Registers a device with a new key. */
  public void register(String device) {
    Device made = new Device(device, null, null, Map.of(), true, 0);
    Entry entry = new Entry(made, KeyHash.of(device + " " + keysMade++));
    assertThat(answer(store.insert(List.of(entry), ignored -> {}))).containsExactly(Insertion.DONE);
  }

  /** Deletes a device, and everything that its deletion entails. */
  public void delete(String device) {
    answer(store.delete(device, () -> {}));
    answer(store.deletionOver(device));
  }
}
