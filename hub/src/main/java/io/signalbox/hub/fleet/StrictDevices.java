package io.signalbox.hub.fleet;

import io.signalbox.hub.devicetype.DeviceType;
import io.signalbox.hub.devicetype.DeviceType.Strictness;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.devicetype.TelemetryRules;
import io.signalbox.hub.devicetype.TypeRules;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices whose type tags or refuses readings that do not fit, and the rules for their
 * readings: of the type, completed by what the device says of itself. Look-ups are cached; of a
 * device whose type is not strict only the type is looked up, and while no type is strict, nothing.
 *
 * <p>A caller that keeps the rules of a device must keep the {@link #stamp} from before the look-up
 * with them, and look them up again when it has changed. A change of a type, a device or a
 * description changes the stamps before the call that made it succeeds.
 *
 * <p>Threading: any thread.
 */
public final class StrictDevices {
  private static final Logger LOG = LoggerFactory.getLogger(StrictDevices.class);
  private static final Future<Optional<TelemetryRules>> NONE =
      Future.succeededFuture(Optional.empty());

  /** Devices that share a stamp look up once more than they need to. */
  private static final int STAMPS = 4_096;

  private final DeviceRegistry registry;
  private final DeviceTypes types;
  private final DeviceDescriptions descriptions;
  private final Set<String> strict = ConcurrentHashMap.newKeySet();
  private final AtomicIntegerArray stamps = new AtomicIntegerArray(STAMPS);
  private final AtomicInteger typeChanges = new AtomicInteger();
  private volatile boolean isEmpty = true;

  /** No types are known before {@link DeviceTypes#open}. */
  public StrictDevices(
      DeviceRegistry registry, DeviceTypes types, DeviceDescriptions descriptions) {
    this.registry = registry;
    this.types = types;
    this.descriptions = descriptions;
    types.onChange(this::defined);
    registry.onChange(device -> stamps.incrementAndGet(slot(device)));
  }

  private synchronized void defined(String name, Optional<DeviceType> definition) {
    boolean isStrict = definition.isPresent() && definition.get().strictness() != Strictness.ACCEPT;
    boolean wasStrict = isStrict ? !strict.add(name) : strict.remove(name);
    if (isStrict || wasStrict) {
      isEmpty = strict.isEmpty();
      typeChanges.incrementAndGet();
    }
  }

  /** Whether no type is strict, so that every reading is accepted. */
  public boolean isEmpty() {
    return isEmpty;
  }

  /** A number that changes whenever the rules of the device may have changed. */
  public int stamp(String device) {
    return typeChanges.get() + stamps.get(slot(device));
  }

  private static int slot(String device) {
    int hash = device.hashCode();
    return (hash ^ hash >>> 16) & STAMPS - 1;
  }

  /**
   * The rules for the readings of a device; empty if its type accepts all, or is not defined.
   * {@code UNKNOWN_DEVICE}, {@code UNAVAILABLE} if the store cannot be read.
   */
  public Future<Optional<TelemetryRules>> rulesOf(String device) {
    return isEmpty
        ? NONE
        : registry
            .typeOf(device)
            .compose(type -> rules(device, type.orElse(null)))
            .recover(StrictDevices::unavailable);
  }

  /** The same for a device whose type is known. {@code UNAVAILABLE}. */
  public Future<Optional<TelemetryRules>> rulesOf(Device device) {
    return isEmpty ? NONE : rules(device.id(), device.type()).recover(StrictDevices::unavailable);
  }

  private Future<Optional<TelemetryRules>> rules(String device, @Nullable String type) {
    return type == null || !strict.contains(type)
        ? NONE
        : types
            .rules(type)
            .compose(
                rules ->
                    rules.isEmpty()
                        ? Future.succeededFuture(rules)
                        : descriptions.complete(device, rules))
            .map(rules -> rules.map(TypeRules::telemetry));
  }

  private static Future<Optional<TelemetryRules>> unavailable(Throwable failure) {
    if (failure instanceof Refusal) {
      return Future.failedFuture(failure);
    }
    LOG.error("The rules for readings of a device cannot be looked up", failure);
    return Future.failedFuture(
        new Refusal(
            ErrorCode.UNAVAILABLE,
            "the device's type cannot be read now; send the readings again later"));
  }
}
