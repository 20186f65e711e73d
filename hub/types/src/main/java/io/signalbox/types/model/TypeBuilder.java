package io.signalbox.types.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Definition of a type, part by part. Parts that stay empty are left out. */
final class TypeBuilder {
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private @Nullable String description;
  private final ObjectNode metrics = NODES.objectNode();
  private final ObjectNode commands = NODES.objectNode();
  private final ObjectNode desired = NODES.objectNode();
  private final ObjectNode reported = NODES.objectNode();

  void describe(@Nullable String text) {
    description = text;
  }

  ObjectNode metrics() {
    return metrics;
  }

  ObjectNode commands() {
    return commands;
  }

  /** Properties of the desired state, by name. */
  ObjectNode desired() {
    return desired;
  }

  /** Properties of the reported state, by name. */
  ObjectNode reported() {
    return reported;
  }

  ObjectNode document() {
    ObjectNode document = NODES.objectNode();
    putText(document, "description", description);
    if (!metrics.isEmpty()) {
      document.set("metrics", metrics);
    }
    if (!commands.isEmpty()) {
      document.set("commands", commands);
    }
    if (!desired.isEmpty() || !reported.isEmpty()) {
      ObjectNode twin = document.putObject("twin");
      putState(twin, "desired", desired);
      putState(twin, "reported", reported);
    }
    return document;
  }

  private static void putState(ObjectNode twin, String name, ObjectNode properties) {
    if (!properties.isEmpty()) {
      twin.set(name, stateOf(properties));
    }
  }

  /** The schema of an object with these properties. */
  static ObjectNode stateOf(ObjectNode properties) {
    ObjectNode schema = NODES.objectNode().put("type", "object");
    schema.set("properties", properties);
    return schema;
  }

  /** Puts a member unless its value is null. */
  static void putText(ObjectNode object, String name, @Nullable String text) {
    if (text != null) {
      object.put(name, text);
    }
  }
}
