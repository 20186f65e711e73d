package io.signalbox.hub.devicetype;

import io.signalbox.hub.devicetype.DeviceType.CommandType;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.schema.JsonSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device type with its schemas compiled. Immutable; safe on any thread.
 *
 * <p>A command, a parameter or a state that the type does not describe is allowed.
 */
public final class TypeRules {
  private final String name;
  private final String subject;
  private final Json document;
  private final int length;
  private final DeviceType type;
  private final Map<String, JsonSchema> params;
  private final @Nullable JsonSchema desired;
  private final @Nullable TelemetryRules telemetry;

  private TypeRules(
      String name,
      String subject,
      Json document,
      DeviceType type,
      Map<String, JsonSchema> params,
      @Nullable JsonSchema desired) {
    this.name = name;
    this.subject = subject;
    this.document = document;
    this.length = document.toString().length();
    this.type = type;
    this.params = params;
    this.desired = desired;
    this.telemetry = TelemetryRules.of(name, type.strictness(), type.metrics());
  }

  /**
   * Reads a document and compiles its schemas, which takes milliseconds. {@code INVALID} with every
   * fault, {@code TOO_LARGE}.
   *
   * @param name name of the type
   */
  static TypeRules of(String name, Json document) {
    List<Fault> faults = new ArrayList<>();
    DeviceType type = DeviceTypeReader.read(document, faults);
    return compile(name, "the type " + name, document, type, faults);
  }

  /**
   * The same for a device's description of itself. {@code INVALID} with every fault, {@code
   * TOO_LARGE}.
   */
  public static TypeRules ofDescription(Json document) {
    List<Fault> faults = new ArrayList<>();
    DeviceType type = DeviceTypeReader.readDescription(document, faults);
    return compile("", "the description", document, type, faults);
  }

  /**
   * Refuses a description as {@link #ofDescription} does, without compiling its schemas: for one
   * that differs in its versions or serial number only from one that was compiled.
   */
  public static void requireDescription(Json document) {
    List<Fault> faults = new ArrayList<>();
    DeviceTypeReader.readDescription(document, faults);
    if (!faults.isEmpty()) {
      throw new Refusal(ErrorCode.INVALID, "description", "the description", faults);
    }
  }

  /** The rules of this type completed by a device's description. {@code INVALID} as well. */
  public TypeRules completedBy(Json description) {
    JsonObject merged = MergedDescription.of(document, description).document();
    List<Fault> faults = new ArrayList<>();
    DeviceType completed = DeviceTypeReader.readMerged(merged, faults);
    return compile(name, subject + " with the device's description", merged, completed, faults);
  }

  private static TypeRules compile(
      String name, String subject, Json document, DeviceType type, List<Fault> faults) {
    Map<String, JsonSchema> params = new HashMap<>();
    type.commands()
        .forEach(
            (command, described) -> {
              String pointer = JsonPointer.child("/commands", command);
              JsonSchema schema = compiled(pointer + "/params", described.params(), faults);
              if (schema != null) {
                params.put(command, schema);
              }
              compiled(pointer + "/result", described.result(), faults);
            });
    JsonSchema desired = compiled("/twin/desired", type.desired(), faults);
    compiled("/twin/reported", type.reported(), faults);
    if (!faults.isEmpty()) {
      List<Fault> first = Fault.reported(faults);
      throw name.isEmpty()
          ? new Refusal(ErrorCode.INVALID, "description", "the description", first)
          : new Refusal(ErrorCode.INVALID, null, "the type", first);
    }
    return new TypeRules(name, subject, document, type, Map.copyOf(params), desired);
  }

  private static @Nullable JsonSchema compiled(
      String pointer, @Nullable Json schema, List<Fault> faults) {
    try {
      return schema == null ? null : JsonSchema.compile(schema);
    } catch (Refusal refusal) {
      refusal.faults().forEach(fault -> faults.add(fault.under(pointer)));
      return null;
    }
  }

  /** The weight of rules in a cache: the characters of their document. */
  public static int weight(Optional<TypeRules> rules) {
    return rules.isEmpty() ? 1 : rules.get().length;
  }

  /** The document from which the rules were compiled. */
  public Json document() {
    return document;
  }

  /** The name of the type; empty if the device's description stands alone. */
  public String name() {
    return name;
  }

  /** The definition. */
  public DeviceType type() {
    return type;
  }

  /**
   * The rules for readings; null if all are accepted. Only a type can be strict, so a caller with a
   * device has to check its type first.
   */
  public @Nullable TelemetryRules telemetry() {
    return telemetry;
  }

  /** The description of a command; null if the type has none. */
  public @Nullable CommandType command(String command) {
    return type.commands().get(command);
  }

  /** Throws {@code INVALID_PARAMS} with every fault of a command's parameters. */
  public void checkParams(String command, Json value) {
    JsonSchema schema = params.get(command);
    if (schema != null) {
      String document = "params of '%s' do not fit %s".formatted(command, subject);
      check(schema, value, "params", document);
    }
  }

  /** Throws {@code INVALID_PARAMS} with every fault of a desired state. */
  public void checkDesired(Json state) {
    if (desired != null) {
      check(desired, state, "desired", "the desired state does not fit " + subject);
    }
  }

  private static void check(JsonSchema schema, Json value, String field, String document) {
    List<Fault> faults = schema.validate(value);
    if (!faults.isEmpty()) {
      throw new Refusal(ErrorCode.INVALID_PARAMS, field, document, faults);
    }
  }
}
