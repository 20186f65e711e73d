package io.signalbox.hub.api;

import io.signalbox.hub.devicetype.TelemetryRules;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.HistorySeries;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the points of a history, by the device's type as it is now, series by series.
 * Points that are computed from several readings, or chosen among the numbers only, are not
 * checked.
 *
 * <p>Threading: one thread at a time.
 */
final class PointMisfits {
  private final @Nullable TelemetryRules rules;
  private String metric = "";
  private boolean isChecked;

  /** The misfits by these rules; null if the type accepts all readings. */
  PointMisfits(@Nullable TelemetryRules rules) {
    this.rules = rules;
  }

  /** Begins the next series. */
  void begin(String next, HistorySeries.Form form) {
    metric = next;
    isChecked =
        switch (form) {
          case HistorySeries.Form.Raw raw -> true;
          case HistorySeries.Form.States states -> true;
          case HistorySeries.Form.Reduced reduced -> reduced.aggregate() == Aggregate.LAST;
          case HistorySeries.Form.Unfit unfit -> false;
        };
  }

  /** What is wrong with a value of the series; null if it fits. */
  @Nullable String of(Value value) {
    return rules == null || !isChecked ? null : rules.misfit(metric, value);
  }
}
