package io.signalbox.hub.devicetype;

import com.github.benmanes.caffeine.cache.Interner;
import io.signalbox.hub.devicetype.DeviceType.MetricType;
import io.signalbox.hub.devicetype.DeviceType.Strictness;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules for the readings of a device whose type is strict: a reading fits if the type, or the
 * device's description that completes it, has its metric, and the value is of the metric's kind. A
 * metric of kind object covers the names below it, {@code position.lat} below {@code position}.
 *
 * <p>Immutable; safe on any thread. Readings that fit cost one look-up each and no allocation.
 */
public final class TelemetryRules {
  /**
   * Sessions keep their rules: those of a fleet are one object, also when they were compiled again
   * or for descriptions that differ in their labels only.
   */
  private static final Interner<TelemetryRules> SHARED = Interner.newWeakInterner();

  private final String type;
  private final boolean refuses;
  private final Map<String, MetricRule> metrics;
  private final boolean hasObjects;

  private TelemetryRules(String type, boolean refuses, Map<String, MetricRule> metrics) {
    this.type = type;
    this.refuses = refuses;
    this.metrics = metrics;
    this.hasObjects = metrics.values().stream().anyMatch(MetricRule::coversFields);
  }

  /**
   * The rules of a type; null if it accepts all readings.
   *
   * @param type name of the type
   * @param metrics by name, of the type and the description that completes it
   */
  static @Nullable TelemetryRules of(
      String type, Strictness strictness, Map<String, MetricType> metrics) {
    if (strictness == Strictness.ACCEPT) {
      return null;
    }
    Map<String, MetricRule> rules = new HashMap<>();
    // Names of readings are composed.
    metrics.forEach(
        (name, metric) ->
            rules.put(Normalizer.normalize(name, Normalizer.Form.NFC), MetricRule.of(metric)));
    return SHARED.intern(new TelemetryRules(type, strictness == Strictness.REFUSE, rules));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TelemetryRules rules
        && type.equals(rules.type)
        && refuses == rules.refuses
        && metrics.equals(rules.metrics);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, refuses, metrics);
  }

  /** Whether a message with a reading that does not fit is refused; else it is marked. */
  public boolean refuses() {
    return refuses;
  }

  /** Whether a reading of the metric with this value fits. */
  public boolean fits(String metric, Value value) {
    MetricRule rule = metrics.get(metric);
    return rule == null ? isCovered(metric) : rule.fits(value);
  }

  private boolean isCovered(String metric) {
    if (!hasObjects) {
      return false;
    }
    for (int dot = metric.lastIndexOf('.'); dot > 0; dot = metric.lastIndexOf('.', dot - 1)) {
      MetricRule parent = metrics.get(metric.substring(0, dot));
      if (parent != null && parent.coversFields()) {
        return true;
      }
    }
    return false;
  }

  /** What is wrong with a reading of the metric with this value; null if it fits. */
  public @Nullable String misfit(String metric, Value value) {
    return fits(metric, value) ? null : fault(metric, value);
  }

  private String fault(String metric, Value value) {
    MetricRule rule = metrics.get(metric);
    return rule == null ? "is not a metric of the type " + type : rule.fault(value);
  }

  /** The readings that do not fit; empty if all do. */
  public Set<Reading> misfits(List<Reading> readings) {
    Set<Reading> misfits = Set.of();
    for (int i = 0; i < readings.size(); i++) {
      Reading reading = readings.get(i);
      if (!fits(reading.metric(), reading.value())) {
        misfits = misfits.isEmpty() ? new LinkedHashSet<>() : misfits;
        misfits.add(reading);
      }
    }
    return misfits;
  }

  /**
   * The refusal of a message, with a fault for each metric that has readings that do not fit.
   *
   * @param misfits at least one
   */
  public Refusal refusal(Collection<Reading> misfits) {
    List<Fault> faults = new ArrayList<>();
    Set<String> named = new HashSet<>();
    for (Reading reading : misfits) {
      if (faults.size() == Fault.MAX_REPORTED) {
        break;
      }
      if (named.add(reading.metric())) {
        String pointer = JsonPointer.child("", reading.metric());
        faults.add(new Fault(pointer, fault(reading.metric(), reading.value())));
      }
    }
    String document = "the readings do not fit the type " + type;
    return new Refusal(ErrorCode.INVALID_READINGS, null, document, faults);
  }
}
