package io.signalbox.hub.api;

import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.PresenceIndex;
import io.signalbox.hub.fleet.RegisteredDevice;
import io.signalbox.hub.fleet.RegistrationResult;
import io.signalbox.hub.http.LineReader;
import io.signalbox.hub.http.RequestBody;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.StrictJson;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * REST endpoint that registers devices: one (an object), many (an array), or a stream (NDJSON,
 * answered line by line while the rest still arrives). A faulty device does not affect the others.
 */
final class RegistrationApi {
  private static final String NDJSON = "application/x-ndjson";
  private static final long BULK_LIMIT = 10 * 1024 * 1024L;
  private static final int LINE_LIMIT = 64 * 1024;
  private static final int MOST_AT_ONCE = 10_000;

  private final DeviceRegistry registry;
  private final PresenceIndex presence;

  RegistrationApi(DeviceRegistry registry, PresenceIndex presence) {
    this.registry = registry;
    this.presence = presence;
  }

  Future<Response> take(ApiRequest call) {
    call.requireType(Response.JSON, NDJSON);
    if (call.body().type().equals(NDJSON)) {
      LineReader lines = call.body().lines(BULK_LIMIT, LINE_LIMIT);
      return Future.succeededFuture(Response.flow(NDJSON, new Flow(call, lines)));
    }
    return call.body().read(BULK_LIMIT).compose(body -> register(call, body));
  }

  private Future<Response> register(ApiRequest call, Buffer body) {
    return call.parsed(body)
        .compose(
            tree ->
                body.length() > ApiRequest.BODY_LIMIT
                    ? registerArray(call, tree)
                    : register(call, tree));
  }

  private Future<Response> register(ApiRequest call, Json tree) {
    return tree instanceof Json.JsonArray
        ? registerArray(call, tree)
        : registry.register(device("", tree)).map(this::created);
  }

  private Response created(RegisteredDevice made) {
    String id = made.device().id();
    return Response.json(
            201,
            ApiJson.registered(
                made.device(), presence.of(made.device()), made.key(), made.warnings()))
        .with("Location", Routes.ROOT + "/devices/" + id);
  }

  private Future<Response> registerArray(ApiRequest call, Json array) {
    if (!(array instanceof Json.JsonArray devices)) {
      throw RequestBody.tooLarge(ApiRequest.BODY_LIMIT);
    }
    if (devices.elements().size() > MOST_AT_ONCE) {
      throw new Refusal(
          ErrorCode.TOO_LARGE, "the array has over " + MOST_AT_ONCE + " devices; use NDJSON");
    }
    List<Entry> entries = new ArrayList<>();
    for (Json item : devices.elements()) {
      entries.add(entry("[" + entries.size() + "]", item));
    }
    return registerAll(call, entries).map(results -> Response.ok(RegistrationJson.items(results)));
  }

  private Future<List<RegistrationResult>> registerAll(ApiRequest call, List<Entry> entries) {
    List<NewDevice> sound = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Valid right) {
        sound.add(right.device());
      }
    }
    // Not on the store's thread: its next commit would wait for this serialization.
    return call.onLoop(registry.registerAll(sound))
        .map(results -> inOrder(entries, results.iterator()));
  }

  private static List<RegistrationResult> inOrder(
      List<Entry> entries, Iterator<RegistrationResult> results) {
    return entries.stream().map(entry -> result(entry, results)).toList();
  }

  private static RegistrationResult result(Entry entry, Iterator<RegistrationResult> results) {
    return switch (entry) {
      case Entry.Valid sound -> results.next();
      case Entry.Invalid odd -> odd.refused();
    };
  }

  /** One device of a batch: valid or refused. */
  private sealed interface Entry {
    record Valid(NewDevice device) implements Entry {}

    record Invalid(RegistrationResult.Failed refused) implements Entry {}
  }

  private static Entry entry(String path, Json tree) {
    try {
      return new Entry.Valid(device(path, tree));
    } catch (Refusal refusal) {
      return new Entry.Invalid(new RegistrationResult.Failed(id(tree), refusal));
    }
  }

  /** The id as sent, so that the client can match the result; empty if there is none. */
  private static String id(Json tree) {
    return tree instanceof Json.JsonObject device
            && device.members().get("id") instanceof Json.Scalar id
            && !id.equals(Json.NULL)
        ? id.string()
        : "";
  }

  private static NewDevice device(String path, Json tree) {
    JsonFields fields = JsonFields.at(path, tree, "id", "name", "type", "labels", "key");
    return new NewDevice(
        fields.requireText("id"),
        fields.text("name"),
        fields.text("type"),
        fields.stringMap("labels"),
        fields.text("key"));
  }

  /** Streams the results: reads lines, registers the devices, and writes a line for each. */
  private final class Flow implements Response.BodySource {
    private final ApiRequest call;
    private final LineReader lines;
    private boolean answered;
    private boolean over;

    Flow(ApiRequest call, LineReader lines) {
      this.call = call;
      this.lines = lines;
    }

    @Override
    public Future<Buffer> next() {
      return over
          ? Future.succeededFuture(Buffer.buffer())
          : lines.next().compose(this::register).recover(this::lastWord);
    }

    private Future<Buffer> register(List<LineReader.Line> drawn) {
      answered = answered || !drawn.isEmpty();
      List<Entry> entries = drawn.stream().map(RegistrationApi::entry).toList();
      return registerAll(call, entries).map(RegistrationJson::lines);
    }

    /** A failure in the middle is reported in a last line, because the head is already sent. */
    private Future<Buffer> lastWord(Throwable failure) {
      if (!answered || !(failure instanceof Refusal refusal)) {
        return Future.failedFuture(failure);
      }
      over = true;
      RegistrationResult last = new RegistrationResult.Failed("", refusal);
      return Future.succeededFuture(RegistrationJson.lines(List.of(last)));
    }
  }

  private static Entry entry(LineReader.Line line) {
    String path = "line " + line.number();
    try {
      if (line.bytes().length() > LINE_LIMIT) {
        throw new Refusal(
            ErrorCode.TOO_LARGE, "the line exceeds the limit of " + LINE_LIMIT + " bytes");
      }
      return entry("", StrictJson.parse(line.bytes()));
    } catch (Refusal refusal) {
      Refusal placed = new Refusal(refusal.kind(), path + ": " + refusal.detail());
      return new Entry.Invalid(new RegistrationResult.Failed("", placed));
    }
  }
}
