package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
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
    try {
      return (Json.JsonObject) Json.parse(state);
    } catch (JsonProcessingException | ClassCastException damaged) {
      throw new IllegalStateException("Twin state is not a JSON object", damaged);
    }
  }
}
