package io.signalbox.hub.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.deletion.DeviceDeletion;
import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.DeviceUnits;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.telemetry.HistoryService;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** REST endpoints of the device registry: devices, their keys and their presence. */
final class DevicesApi {
  private final DeviceRegistry registry;
  private final SessionRegistry sessions;
  private final HistoryService history;
  private final DeviceDeletion deletion;
  private final FlightRecorder recorder;
  private final TypedDevices typed;
  private final RegistrationApi registrations;

  DevicesApi(
      DeviceRegistry registry,
      SessionRegistry sessions,
      HistoryService history,
      DeviceDeletion deletion,
      FlightRecorder recorder,
      TypedDevices typed) {
    this.registry = registry;
    this.sessions = sessions;
    this.history = history;
    this.deletion = deletion;
    this.recorder = recorder;
    this.typed = typed;
    this.registrations = new RegistrationApi(registry, sessions.presence());
  }

  Future<Response> list(ApiRequest call) {
    boolean withLatest = includesLatest(call.query());
    Future<Page<Device>> found = registry.list(query(call));
    return withLatest
        ? found.compose(page -> latest(call, page))
        : call.document(found, page -> ApiJson.page(page, this::json));
  }

  private static boolean includesLatest(QueryParams query) {
    String include = query.text("include");
    if (include != null && !include.equals("latest")) {
      throw QueryParams.invalid("include", "include must be 'latest'");
    }
    return include != null;
  }

  private Future<Response> latest(ApiRequest call, Page<Device> page) {
    return call.document(
        latest(page.items()), latest -> ApiJson.page(page, device -> json(device, latest)));
  }

  /**
   * The newest readings of some devices, and their units.
   *
   * @param readings by device and metric
   */
  private record LatestValues(Map<String, Map<String, Reading>> readings, DeviceUnits units) {}

  private Future<LatestValues> latest(List<Device> devices) {
    List<String> ids = devices.stream().map(Device::id).toList();
    return Future.all(history.latest(ids), typed.unitsOf(devices))
        .map(both -> new LatestValues(both.resultAt(0), both.resultAt(1)));
  }

  private JsonWritable json(Device device) {
    return ApiJson.device(device, sessions.presence().of(device));
  }

  private JsonWritable json(Device device, LatestValues latest) {
    Map<String, Reading> own = latest.readings().getOrDefault(device.id(), Map.of());
    Map<String, String> units = own.isEmpty() ? Map.of() : latest.units().of(device);
    return ApiJson.device(device, sessions.presence().of(device), List.copyOf(own.values()), units);
  }

  private static DeviceQuery query(ApiRequest call) {
    QueryParams query = call.query();
    String sort = query.text("sort");
    boolean descending = sort != null && sort.startsWith("-");
    String order = sort == null ? "id" : sort.substring(descending ? 1 : 0);
    return new DeviceQuery(
        query.text("q"),
        query.text("type"),
        labels(query),
        query.one("presence", Presence.State.class),
        QueryParams.constant("sort", order, DeviceQuery.Sort.class),
        descending,
        query.text("cursor"),
        call.pageLimit());
  }

  private static Map<String, String> labels(QueryParams query) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : query.all("label")) {
      int colon = label.indexOf(':');
      if (colon < 1) {
        throw QueryParams.invalid("label", "label must be name:value, for example site:ghent");
      }
      labels.put(label.substring(0, colon), label.substring(colon + 1));
    }
    return labels;
  }

  Future<Response> register(ApiRequest call) {
    return registrations.take(call);
  }

  Future<Response> get(ApiRequest call) {
    boolean withLatest = includesLatest(call.query());
    return registry
        .get(call.path("id"))
        .compose(device -> withLatest ? latest(device) : Future.succeededFuture(json(device)))
        .map(Response::ok);
  }

  private Future<JsonWritable> latest(Device device) {
    return latest(List.of(device)).map(latest -> json(device, latest));
  }

  Future<Response> update(ApiRequest call) {
    String id = call.path("id");
    return call.mergePatch()
        .compose(
            patch ->
                registry
                    .update(id, patch(patch))
                    .onSuccess(device -> noteSwitch(patch, device, call.principal().name())))
        .map(this::evictedIfDisabled)
        .map(device -> Response.ok(json(device)));
  }

  private static DevicePatch patch(Json tree) {
    JsonFields fields = JsonFields.of(tree, "name", "type", "labels", "enabled");
    DevicePatch patch = DevicePatch.NOTHING;
    if (fields.has("name")) {
      patch = patch.withName(fields.text("name"));
    }
    if (fields.has("type")) {
      patch = patch.withType(fields.text("type"));
    }
    if (fields.has("enabled")) {
      patch = patch.withEnabled(fields.requireFlag("enabled"));
    }
    return fields.has("labels") ? labels(patch, fields) : patch;
  }

  // A null label is removed; null labels remove all (RFC 7396).
  private static DevicePatch labels(DevicePatch patch, JsonFields fields) {
    DevicePatch changed = fields.isNull("labels") ? patch.withoutLabels() : patch;
    for (Map.Entry<String, Json> label : fields.entries("labels")) {
      boolean goes = label.getValue().equals(Json.NULL);
      String value = goes ? null : fields.entryText("labels", label);
      changed = changed.withLabel(label.getKey(), value);
    }
    return changed;
  }

  private void noteSwitch(Json patch, Device device, String by) {
    if (patch instanceof Json.JsonObject changes && changes.members().containsKey("enabled")) {
      String word = device.enabled() ? "enabled" : "disabled";
      noteChange(device.id(), word, word + " by " + by);
    }
  }

  private void noteChange(String id, String code, String text) {
    recorder.note(id, RecorderEntry.Kind.CHANGED, code, text, RecorderEntry.ConnectionInfo.UNKNOWN);
  }

  private Device evictedIfDisabled(Device device) {
    if (!device.enabled()) {
      sessions.evict(device.id(), SessionEnd.Cause.DISABLED);
    }
    return device;
  }

  /**
   * 204 if all data of the device is deleted; 202 if the device is gone and its data still has to
   * be.
   */
  Future<Response> delete(ApiRequest call) {
    String id = call.path("id");
    return deletion.delete(id).map(outcome -> deleted(id, outcome));
  }

  private static Response deleted(String id, DeviceDeletion.Outcome outcome) {
    return switch (outcome) {
      case DONE -> Response.empty(204);
      case PENDING -> Response.json(202, out -> pending(out, id));
    };
  }

  private static void pending(JsonGenerator out, String id) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", id);
    out.writeStringField("detail", "the device is deleted; its data is deleted in the background");
    out.writeEndObject();
  }

  /** Issues a new key; sessions that use the old key are closed. */
  Future<Response> newKey(ApiRequest call) {
    String id = call.path("id");
    return ownKey(call)
        .compose(own -> registry.newKey(id, own.text("key")))
        .map(key -> renewed(id, key, call.principal().name()));
  }

  private static Future<JsonFields> ownKey(ApiRequest call) {
    return call.body().isThere()
        ? call.json().map(body -> JsonFields.of(body, "key"))
        : Future.succeededFuture(JsonFields.none());
  }

  private Response renewed(String id, String key, String by) {
    noteChange(id, "key", "new key issued by " + by);
    sessions.evict(id, SessionEnd.Cause.REVOKED);
    return Response.ok(
        out -> {
          out.writeStartObject();
          out.writeStringField("id", id);
          out.writeStringField("key", key);
          out.writeEndObject();
        });
  }

  Future<Response> presence(ApiRequest call) {
    return registry.get(call.path("id")).map(this::present);
  }

  private Response present(Device device) {
    return Response.ok(ApiJson.presence(device.id(), sessions.presence().of(device)));
  }
}
