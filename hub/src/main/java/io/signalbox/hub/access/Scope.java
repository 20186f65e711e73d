package io.signalbox.hub.access;

import java.util.Arrays;
import java.util.Optional;

/** Something that a key may allow. */
public enum Scope {
  DEVICES_READ("devices:read"),
  DEVICES_WRITE("devices:write"),
  TELEMETRY_READ("telemetry:read"),
  COMMANDS_WRITE("commands:write"),
  ALARMS_WRITE("alarms:write"),
  MQTT_PUBLISH("mqtt:publish"),
  MQTT_SUBSCRIBE("mqtt:subscribe"),
  /** Everything, the administration of keys included. */
  ADMIN("admin");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** Its name in the protocol. */
  public String text() {
    return text;
  }

  /** The scope of that name in the protocol. */
  public static Optional<Scope> of(String text) {
    return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
  }
}
