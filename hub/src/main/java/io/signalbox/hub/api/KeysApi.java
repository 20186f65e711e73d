package io.signalbox.hub.api;

import static java.util.stream.Collectors.joining;

import io.signalbox.hub.access.AccessControl;
import io.signalbox.hub.access.ApiKey;
import io.signalbox.hub.access.IssuedApiKey;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** REST endpoints of API keys. */
final class KeysApi {
  private final AccessControl access;

  KeysApi(AccessControl access) {
    this.access = access;
  }

  Future<Response> list(ApiRequest call) {
    return access.keys().map(keys -> Response.ok(ApiJson.page(page(keys), key -> json(key, null))));
  }

  private static Page<ApiKey> page(List<ApiKey> keys) {
    return new Page<>(keys, null, keys.size());
  }

  Future<Response> create(ApiRequest call) {
    String by = call.principal().name();
    return call.json()
        .map(body -> JsonFields.of(body, "name", "scopes"))
        .compose(body -> access.createKey(body.requireText("name"), scopes(body), by))
        .map(KeysApi::created);
  }

  private static Set<Scope> scopes(JsonFields body) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String text : body.requireTexts("scopes")) {
      scopes.add(Scope.of(text).orElseThrow(() -> unknown(body, text)));
    }
    return scopes;
  }

  private static Refusal unknown(JsonFields body, String text) {
    String known = Arrays.stream(Scope.values()).map(Scope::text).collect(joining(", "));
    return body.invalid("scopes", "has the unknown scope '" + text + "'; known: " + known);
  }

  private static Response created(IssuedApiKey made) {
    return Response.json(201, json(made.entry(), made.key()))
        .with("Location", Routes.ROOT + "/keys/" + made.entry().id());
  }

  Future<Response> delete(ApiRequest call) {
    return access
        .deleteKey(call.path("id"), call.principal().name())
        .map(gone -> Response.empty(204));
  }

  private static JsonWritable json(ApiKey entry, @Nullable String key) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("id", entry.id());
      out.writeStringField("name", entry.name());
      out.writeFieldName("scopes");
      scopes(entry.scopes()).write(out);
      out.writeNumberField("created", entry.created());
      out.writeStringField("by", entry.createdBy());
      if (entry.lastUsed() != null) {
        out.writeNumberField("lastUsed", entry.lastUsed());
      }
      if (key != null) {
        out.writeStringField("key", key);
      }
      out.writeEndObject();
    };
  }

  /** Scopes as text, in a fixed order. */
  static JsonWritable scopes(Set<Scope> scopes) {
    return ApiJson.array(scopes.stream().sorted().toList(), scope -> text(scope.text()));
  }

  private static JsonWritable text(String text) {
    return out -> out.writeString(text);
  }
}
