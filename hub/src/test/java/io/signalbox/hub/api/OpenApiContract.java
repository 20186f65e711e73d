package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Validates responses against openapi.json. */
final class OpenApiContract {
  private static final String ROOT = "https://signalbox.io/";

  private final JsonObject document = new JsonObject(text());
  private final Map<String, Validator> validators = new ConcurrentHashMap<>();

  static String text() {
    try (var stream = OpenApiContract.class.getResourceAsStream("/openapi.json")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  JsonObject document() {
    return document;
  }

  /** Fails unless the document allows the response. */
  void check(String method, String path, ApiResponse reply) {
    if (method.equals("HEAD") || method.equals("OPTIONS")) {
      assertThat(reply.body()).as("%s has no content", method).isEmpty();
      return;
    }
    if (operation(method, path) == null && reply.status() == 200) {
      return; // a file of the console's
    }
    JsonObject response = response(method, path, reply.status());
    JsonObject content = response == null ? null : response.getJsonObject("content");
    if (content == null) {
      assertThat(reply.body()).as("%s %s", method, path).isEmpty();
      return;
    }
    assertThat(content.fieldNames()).as("%s %s", method, path).contains(reply.type());
    checkContent(content.getJsonObject(reply.type()).getJsonObject("schema"), reply);
  }

  private @Nullable JsonObject response(String method, String path, int status) {
    JsonObject operation = operation(method, path);
    if (operation == null) {
      assertThat(status).as("%s %s is not in openapi.json", method, path).isIn(200, 304, 404, 405);
      return status == 304 ? new JsonObject() : refusal();
    }
    JsonObject responses = operation.getJsonObject("responses");
    JsonObject response = responses.getJsonObject(Integer.toString(status));
    assertThat(response != null || status >= 400)
        .as("%s %s may answer %d", method, path, status)
        .isTrue();
    return response == null ? refusal() : response;
  }

  private JsonObject refusal() {
    return document.getJsonObject("components").getJsonObject("responses").getJsonObject("Error");
  }

  private @Nullable JsonObject operation(String method, String path) {
    JsonObject paths = document.getJsonObject("paths");
    Optional<String> template =
        paths.fieldNames().stream()
            .filter(known -> path.matches(known.replaceAll("\\{\\w+}", "[^/]+")))
            .min((a, b) -> Integer.compare(parameters(a), parameters(b)));
    return template
        .map(paths::getJsonObject)
        .map(item -> item.getJsonObject(method.toLowerCase(Locale.ROOT)))
        .orElse(null);
  }

  private static int parameters(String template) {
    return (int) template.chars().filter(c -> c == '{').count();
  }

  private void checkContent(JsonObject schema, ApiResponse reply) {
    switch (reply.type()) {
      case "application/json", "application/problem+json" -> validate(schema, reply.body());
      case "application/x-ndjson" -> reply.body().lines().forEach(line -> validate(schema, line));
      default -> assertThat(reply.body()).isNotNull();
    }
  }

  private void validate(JsonObject schema, String json) {
    Validator validator = validators.computeIfAbsent(schema.encode(), this::validator);
    OutputUnit result = validator.validate(Json.decodeValue(json));
    assertThat(result.getValid()).as(() -> json + "\n" + result.getErrors()).isTrue();
  }

  private Validator validator(String schema) {
    JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");
    JsonObject whole =
        new JsonObject()
            .put("$id", ROOT + "answer")
            .put("$defs", schemas)
            .put("allOf", new JsonArray().add(new JsonObject(schema)));
    String local = whole.encode().replace("#/components/schemas/", "#/$defs/");
    JsonSchemaOptions options =
        new JsonSchemaOptions()
            .setBaseUri(ROOT)
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);
    return SchemaRepository.create(options)
        .dereference(JsonSchema.of(new JsonObject(local)))
        .validator(ROOT + "answer");
  }
}
