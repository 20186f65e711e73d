package io.signalbox.hub.api;

import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Registered;
import io.signalbox.hub.fleet.Registration;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.Body;
import io.signalbox.hub.http.JsonText;
import io.signalbox.hub.http.Lines;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Registers devices: one (an object), many (an array), or as many as come (NDJSON, a line each,
 * answered line by line while the rest is still on its way). Of many, one's fault is not another's.
 */
final class Registrations {
  private static final String NDJSON = "application/x-ndjson";
  private static final long BULK_LIMIT = 10 * 1024 * 1024L;
  private static final int LINE_LIMIT = 64 * 1024;
  private static final int MOST_AT_ONCE = 10_000;

  private final Registry registry;
  private final Presences presences;

  Registrations(Registry registry, Presences presences) {
    this.registry = registry;
    this.presences = presences;
  }

  Future<Answer> take(Call call) {
    call.needType(Answer.JSON, NDJSON);
    if (call.body().type().equals(NDJSON)) {
      Lines lines = call.body().lines(BULK_LIMIT, LINE_LIMIT);
      return Future.succeededFuture(Answer.flow(NDJSON, new Flow(call, lines)));
    }
    return call.body().read(BULK_LIMIT).compose(body -> register(call, body));
  }

  private Future<Answer> register(Call call, Buffer body) {
    return body.length() > Call.BODY_LIMIT
        ? call.largeJson(body).compose(tree -> registerArray(call, tree))
        : register(call, JsonText.json(body));
  }

  private Future<Answer> register(Call call, Json tree) {
    return tree instanceof Json.Elements
        ? registerArray(call, tree)
        : registry.register(device("", tree)).map(this::created);
  }

  private Answer created(Registered made) {
    String id = made.device().id();
    return Answer.json(
            201,
            ApiJson.registered(
                made.device(), presences.of(made.device()), made.key(), made.warnings()))
        .with("Location", Routes.ROOT + "/devices/" + id);
  }

  private Future<Answer> registerArray(Call call, Json array) {
    if (!(array instanceof Json.Elements devices)) {
      throw Body.tooLarge(Call.BODY_LIMIT);
    }
    if (devices.elements().size() > MOST_AT_ONCE) {
      throw new Refusal(Kind.TOO_LARGE, "at most " + MOST_AT_ONCE + " devices; NDJSON takes more");
    }
    List<Entry> entries = new ArrayList<>();
    for (Json item : devices.elements()) {
      entries.add(entry("[" + entries.size() + "]", item));
    }
    return registerAll(call, entries).map(results -> Answer.ok(RegistrationJson.items(results)));
  }

  private Future<List<Registration>> registerAll(Call call, List<Entry> entries) {
    List<NewDevice> sound = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Sound right) {
        sound.add(right.device());
      }
    }
    // Not on the store's thread: its next commit would wait for our writing of the answer.
    return call.onLoop(registry.registerAll(sound))
        .map(results -> inOrder(entries, results.iterator()));
  }

  private static List<Registration> inOrder(List<Entry> entries, Iterator<Registration> results) {
    return entries.stream().map(entry -> result(entry, results)).toList();
  }

  private static Registration result(Entry entry, Iterator<Registration> results) {
    return switch (entry) {
      case Entry.Sound sound -> results.next();
      case Entry.Odd odd -> odd.refused();
    };
  }

  /** One device of many: of the right shape, or not. */
  private sealed interface Entry {
    record Sound(NewDevice device) implements Entry {}

    record Odd(Registration.Refused refused) implements Entry {}
  }

  private static Entry entry(String path, Json tree) {
    try {
      return new Entry.Sound(device(path, tree));
    } catch (Refusal refusal) {
      return new Entry.Odd(new Registration.Refused(id(tree), refusal));
    }
  }

  /** As it stands there, so that the sender finds it again; empty if there is none. */
  private static String id(Json tree) {
    return tree instanceof Json.Members device
            && device.members().get("id") instanceof Json.Scalar id
            && !id.equals(Json.NULL)
        ? id.string()
        : "";
  }

  private static NewDevice device(String path, Json tree) {
    Fields fields = Fields.at(path, tree, "id", "name", "type", "labels", "key");
    return new NewDevice(
        fields.needText("id"),
        fields.text("name"),
        fields.text("type"),
        fields.texts("labels"),
        fields.text("key"));
  }

  /** Draws lines, registers them, and gives a line of answer for each. */
  private final class Flow implements Answer.Source {
    private final Call call;
    private final Lines lines;
    private boolean answered;
    private boolean over;

    Flow(Call call, Lines lines) {
      this.call = call;
      this.lines = lines;
    }

    @Override
    public Future<Buffer> next() {
      return over
          ? Future.succeededFuture(Buffer.buffer())
          : lines.next().compose(this::register).recover(this::lastWord);
    }

    private Future<Buffer> register(List<Lines.Line> drawn) {
      answered = answered || !drawn.isEmpty();
      List<Entry> entries = drawn.stream().map(Registrations::entry).toList();
      return registerAll(call, entries).map(RegistrationJson::lines);
    }

    /** What goes wrong in the middle is said in a last line: the head has long been sent. */
    private Future<Buffer> lastWord(Throwable failure) {
      if (!answered || !(failure instanceof Refusal refusal)) {
        return Future.failedFuture(failure);
      }
      over = true;
      Registration last = new Registration.Refused("", refusal);
      return Future.succeededFuture(RegistrationJson.lines(List.of(last)));
    }
  }

  private static Entry entry(Lines.Line line) {
    String path = "line " + line.number();
    try {
      if (line.bytes().length() > LINE_LIMIT) {
        throw new Refusal(Kind.TOO_LARGE, "the line may have at most " + LINE_LIMIT + " bytes");
      }
      return entry("", JsonText.json(line.bytes()));
    } catch (Refusal refusal) {
      Refusal placed = new Refusal(refusal.kind(), path + ": " + refusal.detail());
      return new Entry.Odd(new Registration.Refused("", placed));
    }
  }
}
