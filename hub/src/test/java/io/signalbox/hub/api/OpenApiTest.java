package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.StartHub;
import io.signalbox.hub.http.auth.RequiredAccess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  @StartHub private TestHub hub;

  @Test
  void the_document_is_valid_openapi_3_1() {
    JsonObject document = new JsonObject(OpenApiContract.text());
    OpenAPIVersion version = OpenAPIVersion.fromContract(document);
    SchemaRepository schemas = answer(version.getRepository(hub.vertx, "https://signalbox.io/"));

    OutputUnit result = answer(version.validateContract(hub.vertx, schemas, document));

    assertThat(version).isEqualTo(OpenAPIVersion.V3_1);
    assertThat(result.getValid()).as(() -> String.valueOf(result.getErrors())).isTrue();
  }

  @Test
  void an_invalid_document_fails_validation() {
    JsonObject document = new JsonObject(OpenApiContract.text());
    document
        .getJsonObject("paths")
        .getJsonObject("/metrics")
        .getJsonObject("get")
        .remove("responses");
    document.getJsonObject("info").remove("title");
    OpenAPIVersion version = OpenAPIVersion.fromContract(document);
    SchemaRepository schemas = answer(version.getRepository(hub.vertx, "https://signalbox.io/"));

    assertThat(answer(version.validateContract(hub.vertx, schemas, document)).getValid()).isFalse();
  }

  @Test
  void references_resolve_and_operation_ids_are_unique() {
    String text = OpenApiContract.text();
    JsonObject document = new JsonObject(text);
    List<String> ids = new ArrayList<>();
    Matcher id = Pattern.compile("\"operationId\": \"(\\w+)\"").matcher(text);
    id.results().forEach(found -> ids.add(found.group(1)));
    Matcher reference = Pattern.compile("\"#(/components/\\w+/\\w+)\"").matcher(text);

    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(hub.table().size());
    assertThat(reference.results())
        .allSatisfy(
            found ->
                assertThat(JsonPointer.from(found.group(1)).queryJson(document))
                    .as(found.group(1))
                    .isNotNull());
  }

  @Test
  void the_document_is_served_publicly_at_both_paths() {
    for (String path : new String[] {"/openapi.json", "/api/v1/openapi.json"}) {
      ApiResponse reply = hub.anonymous().get(path).is(200);

      assertThat(reply.body()).isEqualTo(OpenApiContract.text());
    }
  }

  @Test
  void the_asyncapi_document_is_served_publicly() {
    ApiResponse reply = hub.anonymous().get("/asyncapi.json").is(200);

    assertThat(reply.json().path("asyncapi").asText()).startsWith("3.");
  }

  @Test
  void the_routes_and_the_document_have_the_same_operations_and_parameters() {
    assertThat(documented()).isEqualTo(served());
  }

  private Map<String, Object> served() {
    Map<String, Object> calls = new TreeMap<>();
    for (Endpoint endpoint : hub.table()) {
      boolean open = endpoint.requiredAccess() instanceof RequiredAccess.Public;
      calls.put(
          endpoint.method() + " " + endpoint.path(),
          (open ? "anyone " : "") + new TreeSet<>(endpoint.parameters()));
    }
    return calls;
  }

  private static Map<String, Object> documented() {
    Map<String, Object> calls = new TreeMap<>();
    JsonObject paths = new JsonObject(OpenApiContract.text()).getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      if (isOfAnotherDoor(path)) {
        continue;
      }
      JsonObject item = paths.getJsonObject(path);
      for (String method : item.fieldNames()) {
        calls.put(
            method.toUpperCase(Locale.ROOT) + " " + path, description(item.getJsonObject(method)));
      }
    }
    return calls;
  }

  /** Paths of the feed and of devices are served and tested elsewhere. */
  private static boolean isOfAnotherDoor(String path) {
    return path.startsWith("/api/v1/events") || path.startsWith("/device/");
  }

  private static String description(JsonObject operation) {
    boolean open = operation.getJsonArray("security", new JsonArray().add("some")).isEmpty();
    return (open ? "anyone " : "")
        + operation.getJsonArray("parameters", new JsonArray()).stream()
            .map(JsonObject.class::cast)
            .filter(parameter -> "query".equals(parameter.getString("in")))
            .map(parameter -> parameter.getString("name"))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void the_document_has_the_scopes_of_the_routes() {
    JsonObject paths = new JsonObject(OpenApiContract.text()).getJsonObject("paths");
    for (Endpoint endpoint : hub.table()) {
      if (endpoint.requiredAccess() instanceof RequiredAccess.AnyScopeOf holding) {
        String method = endpoint.method().name().toLowerCase(Locale.ROOT);
        JsonObject operation = paths.getJsonObject(endpoint.path()).getJsonObject(method);
        assertThat(operation.getString("description"))
            .as(endpoint.toString())
            .endsWith("Needs the scope " + holding.words() + ".");
      }
    }
  }
}
