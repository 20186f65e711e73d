package io.signalbox.hub.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.devicetype.DeviceTypeStore.StoredType;
import io.signalbox.hub.devicetype.MergedDescription.Difference;
import io.signalbox.hub.fleet.DescriptionStore.StoredDescription;
import io.signalbox.hub.fleet.DeviceDescriptions;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.fleet.TypedDevices.DescribedDevice;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import java.io.IOException;

/** REST endpoints of what is known of a device: its type and its description of itself, merged. */
final class DescriptionApi {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 20;

  private final TypedDevices typed;
  private final DeviceDescriptions descriptions;

  DescriptionApi(TypedDevices typed, DeviceDescriptions descriptions) {
    this.typed = typed;
    this.descriptions = descriptions;
  }

  /** What holds for a device, and where the device differs from its type. */
  Future<Response> get(ApiRequest call) {
    return typed
        .describe(call.path("id"))
        .compose(
            device -> {
              String tag = device.tag();
              return call.document(Future.succeededFuture(device), DescriptionApi::json)
                  .map(response -> response.withEtag(tag));
            });
  }

  /** What a device has said of itself, newest first. */
  Future<Response> versions(ApiRequest call) {
    int limit = call.query().number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    return call.document(
        descriptions.versions(call.path("id"), call.query().text("cursor"), limit),
        page -> ApiJson.page(page, DescriptionApi::version));
  }

  private static JsonWritable json(DescribedDevice device) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", device.id());
      if (device.type() != null) {
        out.writeStringField("type", device.type());
      }
      if (device.definition().isPresent()) {
        StoredType definition = device.definition().get();
        out.writeNumberField("typeVersion", definition.version());
      }
      if (device.own().isPresent()) {
        out.writeObjectFieldStart("described");
        origin(out, device.own().get());
        out.writeEndObject();
      }
      TypesApi.members(out, device.merged().document().toString());
      out.writeArrayFieldStart("differences");
      for (Difference difference : device.merged().differences()) {
        write(out, difference);
      }
      out.writeEndArray();
      out.writeEndObject();
    };
  }

  private static void write(JsonGenerator out, Difference difference) throws IOException {
    out.writeStartObject();
    out.writeStringField("pointer", difference.pointer());
    out.writeFieldName("type");
    out.writeRawValue(difference.type().toString());
    out.writeFieldName("device");
    out.writeRawValue(difference.device().toString());
    out.writeEndObject();
  }

  private static JsonWritable version(StoredDescription description) {
    return out -> {
      out.writeStartObject();
      origin(out, description);
      TypesApi.members(out, description.document());
      out.writeEndObject();
    };
  }

  private static void origin(JsonGenerator out, StoredDescription description) throws IOException {
    out.writeNumberField("version", description.version());
    out.writeNumberField("changed", description.ts());
  }
}
