package io.signalbox.hub.api;

import static java.util.stream.Collectors.joining;

import io.signalbox.hub.access.Access;
import io.signalbox.hub.access.ApiKey;
import io.signalbox.hub.access.NewApiKey;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonPart;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API keys over REST. */
final class KeysApi {
  private final Access access;

  KeysApi(Rooms rooms) {
    this.access = rooms.access();
  }

  Future<Answer> list(Call call) {
    return access.keys().map(keys -> Answer.ok(ApiJson.page(page(keys), key -> json(key, null))));
  }

  private static Page<ApiKey> page(List<ApiKey> keys) {
    return new Page<>(keys, null, keys.size());
  }

  Future<Answer> create(Call call) {
    String by = call.principal().name();
    return call.json()
        .map(body -> Fields.of(body, "name", "scopes"))
        .compose(body -> access.createKey(body.needText("name"), scopes(body), by))
        .map(KeysApi::created);
  }

  private static Set<Scope> scopes(Fields body) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String text : body.needTexts("scopes")) {
      scopes.add(Scope.of(text).orElseThrow(() -> unknown(body, text)));
    }
    return scopes;
  }

  private static Refusal unknown(Fields body, String text) {
    String known = Arrays.stream(Scope.values()).map(Scope::text).collect(joining(", "));
    return body.invalid("scopes", "has '" + text + "', which is none of " + known);
  }

  private static Answer created(NewApiKey made) {
    return Answer.json(201, json(made.entry(), made.key()))
        .with("Location", Routes.ROOT + "/keys/" + made.entry().id());
  }

  Future<Answer> delete(Call call) {
    return access
        .deleteKey(call.path("id"), call.principal().name())
        .map(gone -> Answer.empty(204));
  }

  private static JsonPart json(ApiKey entry, @Nullable String key) {
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

  /** Scopes in the words of the protocol, always in the same order. */
  static JsonPart scopes(Set<Scope> scopes) {
    return ApiJson.array(scopes.stream().sorted().toList(), scope -> text(scope.text()));
  }

  private static JsonPart text(String text) {
    return out -> out.writeString(text);
  }
}
