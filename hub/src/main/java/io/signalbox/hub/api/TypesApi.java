package io.signalbox.hub.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.devicetype.DeviceTypeStore.Revision;
import io.signalbox.hub.devicetype.DeviceTypeStore.StoredType;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * REST endpoints of device types. A type's entity tag is its version. Responses add {@code type,
 * version, changed, by} to the document; requests may repeat them, so that what was read can be
 * sent back.
 */
final class TypesApi {
  private static final Pattern TAG = Pattern.compile("(\\d{1,18})");
  private static final List<String> ADDED = List.of("type", "version", "changed", "by");
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 200;

  private final DeviceTypes types;

  TypesApi(DeviceTypes types) {
    this.types = types;
  }

  /** The types by name, with their documents. */
  Future<Response> list(ApiRequest call) {
    int limit = call.query().number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    return call.document(
        types.list(call.query().text("cursor"), limit), page -> ApiJson.page(page, TypesApi::json));
  }

  Future<Response> get(ApiRequest call) {
    return types.get(call.path("type")).map(type -> present(200, type));
  }

  /** Defines a type, 201, or replaces its definition, 200. */
  Future<Response> put(ApiRequest call) {
    String name = call.path("type");
    Precondition precondition = precondition(call);
    return call.json()
        .map(body -> document(name, body))
        .compose(body -> types.put(name, body, precondition, call.principal().name()))
        .map(revision -> changed(call, revision));
  }

  Future<Response> patch(ApiRequest call) {
    String name = call.path("type");
    Precondition precondition = precondition(call);
    return call.mergePatch()
        .map(body -> document(name, body))
        .compose(patch -> types.patch(name, patch, precondition, call.principal().name()))
        .map(revision -> changed(call, revision));
  }

  /** Deletes a type; its versions are kept. */
  Future<Response> delete(ApiRequest call) {
    return types
        .delete(call.path("type"), precondition(call), call.principal().name())
        .map(deleted -> Response.empty(204));
  }

  /** The versions of a type, newest first; one that deleted it has no document. */
  Future<Response> versions(ApiRequest call) {
    int limit = call.query().number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    return call.document(
        types.versions(call.path("type"), call.query().text("cursor"), limit),
        page -> ApiJson.page(page, TypesApi::json));
  }

  private static Precondition precondition(ApiRequest call) {
    return Preconditions.of(call.request(), TAG, "3");
  }

  /** The body without the members that responses add. */
  private static Json document(String name, Json body) {
    if (!(body instanceof Json.JsonObject object)) {
      throw new Refusal(ErrorCode.INVALID, "the body must be an object, is " + Json.brief(body));
    }
    Json repeated = object.members().get("type");
    if (repeated != null && !repeated.toString().equals(Json.quoted(name))) {
      throw new Refusal(
          ErrorCode.INVALID,
          "type",
          "type must be the same as in the path, is " + Json.brief(repeated));
    }
    Map<String, Json> members = new LinkedHashMap<>(object.members());
    members.keySet().removeAll(ADDED);
    return new Json.JsonObject(members);
  }

  private static Response changed(ApiRequest call, Revision revision) {
    return revision.isNew()
        ? present(201, revision.after()).with("Location", call.request().path())
        : present(200, revision.after());
  }

  private static Response present(int status, StoredType type) {
    return Response.json(status, json(type)).withEtag(Long.toString(type.version()));
  }

  private static JsonWritable json(StoredType type) {
    return out -> write(out, type);
  }

  private static void write(JsonGenerator out, StoredType type) throws IOException {
    out.writeStartObject();
    out.writeStringField("type", type.name());
    out.writeNumberField("version", type.version());
    out.writeNumberField("changed", type.ts());
    out.writeStringField("by", type.by());
    String document = type.document();
    if (document == null) {
      out.writeBooleanField("deleted", true);
    } else {
      members(out, document);
    }
    out.writeEndObject();
  }

  /** Writes the members of an object that is compact JSON. */
  static void members(JsonGenerator out, String object) throws IOException {
    if (object.length() > 2) {
      out.writeRaw(',');
      out.writeRaw(object, 1, object.length() - 2);
    }
  }
}
