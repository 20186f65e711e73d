package io.signalbox.hub.api;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.command.NewCommand;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.Query;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Commands over REST: submitted at once, followed by short or long poll. A command's entity tag is
 * its version, which grows with every step of its timeline.
 */
final class CommandsApi {
  private static final long DEFAULT_TTL_SECONDS = 3_600;
  private static final long MAX_TTL_SECONDS = 30 * 24 * 3_600L;
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  private final Commands commands;

  CommandsApi(Rooms rooms) {
    this.commands = rooms.commands();
  }

  /** Answers 202 with the token, or, with {@code Prefer: wait=…}, 200 with the finished command. */
  Future<Answer> submit(Call call) {
    String device = call.path("id");
    Patience patience = Patience.preferred(call);
    return call.json()
        .map(body -> read(body, call.headerText("Idempotency-Key")))
        .compose(command -> commands.submit(device, command, call.principal().name()))
        .compose(command -> call.onLoop(at(command)))
        .compose(command -> patience.isNone() ? at(command) : ended(call, command, patience))
        .map(command -> submitted(command, patience));
  }

  private static NewCommand read(Json body, @Nullable String idempotencyKey) {
    return read(
        Fields.of(body, "name", "params", "ttl", "notBefore", "collapse", "metadata"),
        idempotencyKey);
  }

  /** What is to be done, of fields that may tell more than that. */
  static NewCommand read(Fields fields, @Nullable String idempotencyKey) {
    Json params = fields.value("params");
    Json metadata = fields.value("metadata");
    return new NewCommand(
        fields.needText("name"),
        params == null ? new Json.Members(Map.of()) : params,
        Duration.ofSeconds(fields.whole("ttl", 1, MAX_TTL_SECONDS, DEFAULT_TTL_SECONDS)),
        fields.instant("notBefore"),
        fields.text("collapse"),
        metadata,
        idempotencyKey,
        null);
  }

  private static Answer submitted(Command command, Patience patience) {
    Answer answer =
        Answer.json(command.state().isFinal() ? 200 : 202, ApiJson.command(command))
            .with("Location", Routes.ROOT + "/commands/" + command.id())
            .tagged(Integer.toString(command.version()));
    return patience.applied(answer);
  }

  /** The command as it stands, or, with {@code wait}, when it has changed or time is over. */
  Future<Answer> get(Call call) {
    String id = call.path("id");
    Patience patience = Patience.ofPoll(call, Command.State.class);
    return (patience.isNone() ? commands.get(id) : changed(call, id, patience))
        .map(CommandsApi::present);
  }

  private Future<Command> changed(Call call, String id, Patience patience) {
    Predicate<Command> known = command -> patience.knows(command.version(), command.state());
    return Patience.outcome(call, commands.holdForNews(id, known, patience.time()));
  }

  private Future<Command> ended(Call call, Command command, Patience patience) {
    return Patience.outcome(call, commands.holdForEnd(command, patience.time()));
  }

  private static Future<Command> at(Command command) {
    return Future.succeededFuture(command);
  }

  private static Answer present(Command command) {
    return Answer.ok(ApiJson.command(command)).tagged(Integer.toString(command.version()));
  }

  /** Those of one device, newest first. */
  Future<Answer> ofDevice(Call call) {
    String device = call.path("id");
    return page(call, query(call.query(), device));
  }

  /** Those of every device, newest first. */
  Future<Answer> list(Call call) {
    return page(call, query(call.query(), call.query().text("device")));
  }

  private Future<Answer> page(Call call, CommandQuery query) {
    return call.document(commands.list(query), page -> ApiJson.page(page, ApiJson::command));
  }

  private static CommandQuery query(Query query, @Nullable String device) {
    Set<Command.State> states = EnumSet.noneOf(Command.State.class);
    states.addAll(query.some("state", Command.State.class));
    return new CommandQuery(
        device,
        query.text("job"),
        states,
        query.text("cursor"),
        query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT));
  }

  /** With {@code If-Match} only if it is as the client knows it. */
  Future<Answer> cancel(Call call) {
    Precondition precondition = Preconditions.of(call.request(), Patience.VERSION, "3");
    return commands
        .cancel(call.path("id"), call.principal().name(), precondition)
        .map(CommandsApi::present);
  }
}
