package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Page;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Store of what devices say of themselves, and of the units that their readings name.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded. A description that
 * differs from the device's present one makes a new version, numbered from 1; the newest {@value
 * #KEPT_VERSIONS} are kept. {@link DeviceStore#delete} deletes all versions and the units; a later
 * device with the id begins with version 1. Writes fail with {@code UNAVAILABLE} if the store is
 * not writable.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface DescriptionStore {
  /** Number of kept versions of a device's description. */
  int KEPT_VERSIONS = 20;

  /** The newest description of a device; empty if it has none. {@code UNKNOWN_DEVICE}. */
  Future<Optional<StoredDescription>> find(String device);

  /**
   * Stores a description, unless it is the same as the present one. {@code UNKNOWN_DEVICE}.
   *
   * @param document compact JSON
   * @param at Unix milliseconds
   * @param committed called when the change is durable, in the order of the commits with those of
   *     {@link DeviceStore}
   */
  Future<Saved> put(String device, String document, long at, Consumer<Saved> committed);

  /**
   * The kept versions, newest first. {@code UNKNOWN_DEVICE}, {@code INVALID} if the cursor was not
   * issued by the store.
   */
  Future<Page<StoredDescription>> versions(String device, @Nullable String cursor, int limit);

  /** The units that a device's readings have named, by metric; empty for an unknown device. */
  Future<Map<String, String>> units(String device);

  /** The same for many devices, by device and metric; devices without units are left out. */
  Future<Map<String, Map<String, String>>> units(Collection<String> devices);

  /**
   * The units that the newest descriptions of these devices have, by device and metric; devices
   * without are left out.
   */
  Future<Map<String, Map<String, String>>> describedUnits(Collection<String> devices);

  /** Sets the units of some metrics; does nothing for an unknown device. */
  Future<Void> putUnits(String device, Map<String, String> units);

  /** Whether no device has a description. */
  Future<Boolean> isEmpty();

  /**
   * A version of a description.
   *
   * @param version from 1
   * @param ts when it was stored, Unix milliseconds
   * @param document compact JSON
   */
  record StoredDescription(long version, long ts, String document) {}

  /**
   * Outcome of storing a description.
   *
   * @param isNew whether it made a new version
   * @param labels the device's labels
   */
  record Saved(StoredDescription description, boolean isNew, Map<String, String> labels) {}
}
