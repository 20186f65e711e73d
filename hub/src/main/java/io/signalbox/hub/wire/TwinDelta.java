package io.signalbox.hub.wire;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.MergePatch;
import io.signalbox.hub.model.Twin;

/** Difference between a twin's desired and reported state. Stateless; safe on any thread. */
final class TwinDelta {
  /** The empty difference. */
  static final String NONE = "{}";

  private TwinDelta() {}

  /** The merge patch, as compact text, that would make reported match desired. */
  static String of(Twin twin) {
    String desired = twin.desired().state();
    String reported = twin.reported().state();
    if (desired.equals(NONE) || desired.equals(reported)) {
      return NONE;
    }
    return reported.equals(NONE)
        ? desired
        : MergePatch.difference(object(desired), object(reported)).toString();
  }

  private static Json.JsonObject object(String state) {
    return Json.stored("Twin state", state);
  }
}
