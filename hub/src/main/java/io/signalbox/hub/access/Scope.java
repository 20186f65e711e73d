package io.signalbox.hub.access;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A right of an API key. */
public enum Scope {
  DEVICES_READ("devices:read"),
  DEVICES_WRITE("devices:write"),
  TELEMETRY_READ("telemetry:read"),
  COMMANDS_WRITE("commands:write"),
  ALARMS_WRITE("alarms:write"),
  MQTT_PUBLISH("mqtt:publish"),
  MQTT_SUBSCRIBE("mqtt:subscribe"),
  /** All scopes, including key management. */
  ADMIN("admin");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** The name used in the API. */
  public String text() {
    return text;
  }

  /** The scope with this API name. */
  public static Optional<Scope> of(String text) {
    return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
  }

  /** The API names of the scopes, separated by spaces, as stores keep them. */
  public static String stored(Set<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
  }

  /** The stored scopes; unknown ones, written by a newer version, are ignored. */
  public static Set<Scope> ofStored(String text) {
    return Arrays.stream(text.split(" "))
        .map(Scope::of)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }
}
