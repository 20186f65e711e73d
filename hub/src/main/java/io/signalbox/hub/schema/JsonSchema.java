package io.signalbox.hub.schema;

import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A compiled JSON Schema 2020-12. References must stay within the document; {@code format} is a
 * comment, as the specification has it; unknown keywords are ignored.
 *
 * <p>Compiled and evaluated by dev.harrel.jsonschema, which this package feeds with exact numbers,
 * linear patterns and a budget of steps.
 *
 * <p>Threading: immutable; any thread.
 */
public final class JsonSchema {
  private final Validator validator;
  private final URI schema;

  private JsonSchema(Validator validator, URI schema) {
    this.validator = validator;
    this.schema = schema;
  }

  /**
   * Compiles a schema, which takes milliseconds: not for event loops. Throws {@code INVALID} with
   * every fault.
   */
  public static JsonSchema compile(Json schema) {
    List<Fault> faults = SchemaChecker.faults(schema);
    if (!faults.isEmpty()) {
      throw new Refusal(ErrorCode.INVALID, null, "the schema", faults);
    }
    SchemaDialect dialect = new SchemaDialect();
    Validator validator =
        new ValidatorFactory()
            .withDefaultDialect(dialect)
            .withDialect(dialect)
            .withJsonNodeFactory(ValueNode.FACTORY)
            .withMessageProvider(Expectations::text)
            .withDisabledSchemaValidation(true)
            .createValidator();
    URI location =
        validator.registerSchema(ValueNode.root(SchemaText.reduced(schema), Budget.unlimited()));
    return new JsonSchema(validator, location);
  }

  /** The faults of a value: what was expected and what came, by place; empty if it fits. */
  public List<Fault> validate(Json value) {
    List<Fault> faults = new ArrayList<>();
    findUnsupported("", value, faults);
    if (!faults.isEmpty()) {
      return faults;
    }
    try {
      Validator.Result result =
          validator.validate(schema, ValueNode.root(value, Budget.ofValidation()));
      return result.isValid() ? List.of() : ValidationFaults.of(result.getErrors(), value);
    } catch (Budget.ExceededException exceeded) {
      return List.of(new Fault("", "takes too many steps to validate; the schema is too complex"));
    }
  }

  /** Adds the numbers that cannot be compared exactly at a bounded cost. */
  private static void findUnsupported(String at, Json value, List<Fault> faults) {
    switch (value) {
      case Json.JsonObject object ->
          object
              .members()
              .forEach(
                  (name, member) -> findUnsupported(JsonPointer.child(at, name), member, faults));
      case Json.JsonArray array -> {
        for (int i = 0; i < array.elements().size(); i++) {
          findUnsupported(JsonPointer.child(at, i), array.elements().get(i), faults);
        }
      }
      case Json.Scalar scalar -> {
        boolean unsupported = scalar.isNumber() && !ExactNumber.isSupported(scalar.text());
        if (unsupported && faults.size() < Fault.MAX_REPORTED) {
          faults.add(new Fault(at, "must be " + ExactNumber.RANGE + ", is " + Json.brief(scalar)));
        }
      }
    }
  }
}
