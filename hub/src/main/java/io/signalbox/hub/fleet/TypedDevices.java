package io.signalbox.hub.fleet;

import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.devicetype.TypeRules;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The device type of each device, if it is defined. Both look-ups are cached; while no type is
 * defined, nothing is looked up.
 *
 * <p>Threading: any thread; a future completes at once if both values are cached, otherwise on a
 * store or worker thread.
 */
public final class TypedDevices {
  private static final Future<Optional<TypeRules>> NONE = Future.succeededFuture(Optional.empty());

  private final DeviceRegistry registry;
  private final DeviceTypes types;

  /** The types of these devices. */
  public TypedDevices(DeviceRegistry registry, DeviceTypes types) {
    this.registry = registry;
    this.types = types;
  }

  /** Whether no type is defined. */
  public boolean isEmpty() {
    return types.isEmpty();
  }

  /**
   * The type of a device; empty if it has none, or one that is not defined, or is not registered.
   */
  public Future<Optional<TypeRules>> rulesOf(String device) {
    return types.isEmpty()
        ? NONE
        : registry.typeOf(device).recover(TypedDevices::unknown).compose(this::rules);
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

  private static Future<Optional<String>> unknown(Throwable failure) {
    return failure instanceof Refusal refusal && refusal.kind() == ErrorCode.UNKNOWN_DEVICE
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(failure);
  }
}
