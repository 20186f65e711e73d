package io.signalbox.hub.live;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.TelemetryBatch;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What can be followed, and who may. */
enum Topics {
  TELEMETRY(Scope.TELEMETRY_READ),
  PRESENCE(Scope.DEVICES_READ),
  COMMANDS(Scope.DEVICES_READ),
  TWIN(Scope.DEVICES_READ),
  ALARMS(Scope.DEVICES_READ);

  private final Scope scope;

  Topics(Scope scope) {
    this.scope = scope;
  }

  static Topics of(Event event) {
    return switch (event) {
      case TelemetryBatch batch -> TELEMETRY;
      case Event.PresenceChanged presence -> PRESENCE;
      case Event.DeviceChanged device -> PRESENCE;
      case Event.CommandChanged command -> COMMANDS;
      case Event.JobChanged job -> COMMANDS;
      case Event.TwinChanged twin -> TWIN;
    };
  }

  /** The topics by their words; for none, all that the viewer may follow. */
  static EnumSet<Topics> of(Set<String> words, Principal viewer) {
    EnumSet<Topics> wanted = EnumSet.noneOf(Topics.class);
    for (String word : words) {
      Topics topic = of(word);
      if (!viewer.may(topic.scope)) {
        throw new Refusal(Kind.FORBIDDEN, "topics", "this key may not follow " + word);
      }
      wanted.add(topic);
    }
    if (words.isEmpty()) {
      EnumSet.allOf(Topics.class).stream()
          .filter(topic -> viewer.may(topic.scope))
          .forEach(wanted::add);
    }
    return wanted;
  }

  private static Topics of(String word) {
    for (Topics topic : values()) {
      if (topic.name().toLowerCase(Locale.ROOT).equals(word)) {
        return topic;
      }
    }
    throw new Refusal(
        Kind.INVALID,
        "topics",
        "there is no topic " + word + "; there are telemetry, presence, commands, twin, alarms");
  }
}
