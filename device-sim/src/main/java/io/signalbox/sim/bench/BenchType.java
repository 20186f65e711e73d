package io.signalbox.sim.bench;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Whether the sending devices have a type, and what it does with readings that do not fit. */
enum BenchType {
  /** No type is defined. */
  NONE,
  ACCEPT,
  TAG,
  REFUSE,
  /** The devices have no type, while one that refuses is defined. */
  OTHER;

  /** The name of the defined type. */
  static final String NAME = "bench";

  /** Whether the devices are of the type. */
  boolean isOfDevices() {
    return this != NONE && this != OTHER;
  }

  /** The definition, which the readings of {@link WebSocketLoad} fit. */
  JsonObject definition() {
    JsonObject number = new JsonObject().put("kind", "number");
    String strict = this == OTHER ? "refuse" : name().toLowerCase(Locale.ROOT);
    return new JsonObject()
        .put("strict", strict)
        .put("metrics", new JsonObject().put("v", number).put("t", number));
  }
}
