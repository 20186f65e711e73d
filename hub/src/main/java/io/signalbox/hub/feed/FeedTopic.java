package io.signalbox.hub.feed;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.TelemetryBatch;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A topic of the feed, with the scope that it requires. */
enum FeedTopic {
  TELEMETRY(Scope.TELEMETRY_READ),
  PRESENCE(Scope.DEVICES_READ),
  COMMANDS(Scope.DEVICES_READ),
  TWIN(Scope.DEVICES_READ),
  TYPES(Scope.DEVICES_READ),
  ALARMS(Scope.DEVICES_READ);

  private final Scope scope;

  FeedTopic(Scope scope) {
    this.scope = scope;
  }

  static FeedTopic of(Event event) {
    return switch (event) {
      case TelemetryBatch batch -> TELEMETRY;
      case Event.PresenceChanged presence -> PRESENCE;
      case Event.DeviceChanged device -> PRESENCE;
      case Event.CommandChanged command -> COMMANDS;
      case Event.JobChanged job -> COMMANDS;
      case Event.TwinChanged twin -> TWIN;
      case Event.DeviceTypeChanged type -> TYPES;
    };
  }

  /** The topics by name; without names, all that the caller may read. */
  static EnumSet<FeedTopic> of(Set<String> words, Principal client) {
    EnumSet<FeedTopic> wanted = EnumSet.noneOf(FeedTopic.class);
    for (String word : words) {
      FeedTopic topic = of(word);
      if (!client.may(topic.scope)) {
        throw new Refusal(
            ErrorCode.FORBIDDEN, "topics", "missing scope for the topic '" + word + "'");
      }
      wanted.add(topic);
    }
    if (words.isEmpty()) {
      EnumSet.allOf(FeedTopic.class).stream()
          .filter(topic -> client.may(topic.scope))
          .forEach(wanted::add);
    }
    return wanted;
  }

  private static FeedTopic of(String word) {
    for (FeedTopic topic : values()) {
      if (topic.name().toLowerCase(Locale.ROOT).equals(word)) {
        return topic;
      }
    }
    throw new Refusal(
        ErrorCode.INVALID,
        "topics",
        "unknown topic '" + word + "'; known: telemetry, presence, commands, twin, types, alarms");
  }
}
