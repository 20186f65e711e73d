package io.signalbox.hub.fleet;

import io.signalbox.hub.devicetype.DeviceTypeStore.StoredType;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.devicetype.MergedDescription;
import io.signalbox.hub.devicetype.TypeRules;
import io.signalbox.hub.fleet.DescriptionStore.StoredDescription;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.keys.Sha256;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each device: its type, if it is defined, completed by what the device says of
 * itself. All look-ups are cached; while nothing is known of any device, nothing is looked up.
 *
 * <p>Threading: any thread; a future completes at once if all values are cached, otherwise on a
 * store or worker thread.
 */
public final class TypedDevices {
  private static final Future<Optional<TypeRules>> NONE = Future.succeededFuture(Optional.empty());

  private final DeviceRegistry registry;
  private final DeviceTypes types;
  private final DeviceDescriptions descriptions;
  private final MetricUnits units;

  /** The types, the descriptions and the units of these devices. */
  public TypedDevices(
      DeviceRegistry registry,
      DeviceTypes types,
      DeviceDescriptions descriptions,
      MetricUnits units) {
    this.registry = registry;
    this.types = types;
    this.descriptions = descriptions;
    this.units = units;
  }

  /**
   * What holds for a device.
   *
   * @param type name of its type; null if it has none
   * @param definition of the type, if it is defined
   * @param own what the device says of itself, if anything
   * @param merged both, and the units that readings named where neither has one
   */
  public record DescribedDevice(
      String id,
      @Nullable String type,
      Optional<StoredType> definition,
      Optional<StoredDescription> own,
      MergedDescription merged) {
    private static final int TAG_BYTES = 8;

    /** Differs whenever something else is known of the device. */
    public String tag() {
      String content =
          "%s %s %s %s"
              .formatted(
                  type,
                  definition.map(StoredType::version).orElse(0L),
                  own.map(said -> said.version() + " " + said.ts() + said.document()).orElse(""),
                  merged.document());
      return HexFormat.of().formatHex(Sha256.of(content), 0, TAG_BYTES);
    }
  }

  /**
   * Calls back, on any thread, when something else may be known: with the id of a device that has
   * changed, or for all devices after a change of a type.
   */
  void onChange(Consumer<String> ofDevice, Runnable ofAll) {
    registry.onChange(ofDevice);
    types.onChange((name, definition) -> ofAll.run());
  }

  /** Whether no type is defined, and no device has described itself. */
  public boolean isEmpty() {
    return types.isEmpty() && descriptions.isEmpty();
  }

  /**
   * The rules for a device; empty if it has no type that is defined, and has not described itself,
   * or is not registered.
   */
  public Future<Optional<TypeRules>> rulesOf(String device) {
    if (isEmpty()) {
      return NONE;
    }
    return completed(
        device,
        types.isEmpty()
            ? NONE
            : registry.typeOf(device).recover(TypedDevices::unknown).compose(this::rules));
  }

  private Future<Optional<TypeRules>> completed(String device, Future<Optional<TypeRules>> ofType) {
    return descriptions.isEmpty()
        ? ofType
        : ofType.compose(type -> descriptions.complete(device, type));
  }

  /** The silence after which a device is offline, if its type says so. */
  Future<Optional<Duration>> offlineAfter(String device) {
    return rulesOf(device)
        .map(rules -> rules.flatMap(known -> Optional.ofNullable(known.type().offlineAfter())));
  }

  private Future<Optional<TypeRules>> rules(Optional<String> type) {
    return type.isEmpty() ? NONE : types.rules(type.get());
  }

  /** The types with these names, as far as they are defined. */
  public Future<List<TypeRules>> rulesOfTypes(Collection<String> names) {
    List<Future<Optional<TypeRules>>> found =
        names.stream().filter(types::isDefined).map(types::rules).toList();
    return Future.all(found)
        .map(all -> found.stream().flatMap(each -> each.result().stream()).toList());
  }

  /** The units of a device's metrics, where they are known; cached. */
  public Future<Map<String, String>> unitsOf(Device device) {
    Future<Optional<TypeRules>> rules =
        completed(device.id(), rules(Optional.ofNullable(device.type())));
    return Future.all(rules, units.of(device.id()))
        .map(
            both ->
                DeviceUnits.over(
                    rules.result().map(TypedDevices::unitsOfType).orElse(Map.of()),
                    both.resultAt(1)));
  }

  /**
   * The same for many devices, with at most two look-ups besides those of their types: their
   * descriptions are not cached for it, which would evict those that are in use.
   */
  public Future<DeviceUnits> unitsOf(List<Device> devices) {
    List<String> ids = devices.stream().map(Device::id).toList();
    return Future.all(rulesOfTypes(typesOf(devices)), descriptions.unitsOf(ids), units.of(ids))
        .map(
            all ->
                new DeviceUnits(unitsOfTypes(all.resultAt(0)), all.resultAt(1), all.resultAt(2)));
  }

  private static Set<String> typesOf(List<Device> devices) {
    Set<String> names = new HashSet<>();
    for (Device device : devices) {
      String type = device.type();
      if (type != null) {
        names.add(type);
      }
    }
    return names;
  }

  private static Map<String, Map<String, String>> unitsOfTypes(List<TypeRules> types) {
    Map<String, Map<String, String>> all = new HashMap<>();
    types.forEach(rules -> all.put(rules.name(), unitsOfType(rules)));
    return all;
  }

  private static Map<String, String> unitsOfType(TypeRules rules) {
    Map<String, String> units = new HashMap<>();
    rules
        .type()
        .metrics()
        .forEach(
            (metric, described) -> {
              if (described.unit() != null) {
                units.put(metric, described.unit());
              }
            });
    return units;
  }

  /** What holds for a device, as documents. {@code UNKNOWN_DEVICE}. */
  public Future<DescribedDevice> describe(String id) {
    return registry.get(id).compose(this::describe);
  }

  private Future<DescribedDevice> describe(Device device) {
    return Future.all(
            definition(device.type()), descriptions.find(device.id()), units.of(device.id()))
        .map(all -> described(device, all.resultAt(0), all.resultAt(1), all.resultAt(2)));
  }

  private Future<Optional<StoredType>> definition(@Nullable String type) {
    return type == null ? Future.succeededFuture(Optional.empty()) : types.find(type);
  }

  private static DescribedDevice described(
      Device device,
      Optional<StoredType> definition,
      Optional<StoredDescription> own,
      Map<String, String> units) {
    MergedDescription merged =
        MergedDescription.of(
                parsed(definition.map(StoredType::document).orElse(null)),
                parsed(own.map(StoredDescription::document).orElse(null)))
            .withUnits(units);
    return new DescribedDevice(device.id(), device.type(), definition, own, merged);
  }

  private static @Nullable Json parsed(@Nullable String document) {
    return document == null ? null : Json.stored("a description", document);
  }

  private static Future<Optional<String>> unknown(Throwable failure) {
    return failure instanceof Refusal refusal && refusal.kind() == ErrorCode.UNKNOWN_DEVICE
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(failure);
  }
}
