package io.signalbox.hub.api;

import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * REST endpoints of commands: submit, follow by short or long poll, list and cancel. A command's
 * entity tag is its version, which grows with every entry of its timeline.
 */
final class CommandsApi {
  private static final long MAX_TTL_SECONDS = 30 * 24 * 3_600L;

  private final CommandService commands;

  CommandsApi(CommandService commands) {
    this.commands = commands;
  }

  /**
   * Answers 202 with the command's id, or, with {@code Prefer: wait=…}, 200 with the finished
   * command.
   */
  Future<Response> submit(ApiRequest call) {
    String device = call.path("id");
    WaitPreference waitPreference = WaitPreference.preferred(call);
    return call.json()
        .map(body -> read(body, call.headerText("Idempotency-Key")))
        .compose(command -> submit(call, device, command, waitPreference))
        .map(command -> submitted(command, waitPreference));
  }

  private Future<Command> submit(
      ApiRequest call, String device, CommandRequest command, WaitPreference waitPreference) {
    String by = call.principal().name();
    return waitPreference.isNone()
        ? call.onLoop(commands.submit(device, command, by))
        : WaitPreference.outcome(call, commands.submit(device, command, by, waitPreference.time()));
  }

  private static CommandRequest read(Json body, @Nullable String idempotencyKey) {
    return read(
        JsonFields.of(body, "name", "params", "ttl", "notBefore", "collapse", "metadata"),
        idempotencyKey);
  }

  /** The request from fields that may include others. */
  static CommandRequest read(JsonFields fields, @Nullable String idempotencyKey) {
    Json params = fields.value("params");
    Json metadata = fields.value("metadata");
    return new CommandRequest(
        fields.requireText("name"),
        params == null ? new Json.JsonObject(Map.of()) : params,
        ttl(fields),
        fields.instant("notBefore"),
        fields.text("collapse"),
        metadata,
        idempotencyKey);
  }

  private static @Nullable Duration ttl(JsonFields fields) {
    return fields.value("ttl") == null
        ? null
        : Duration.ofSeconds(fields.integer("ttl", 1, MAX_TTL_SECONDS, 1));
  }

  private static Response submitted(Command command, WaitPreference waitPreference) {
    Response answer =
        Response.json(command.state().isFinal() ? 200 : 202, ApiJson.command(command))
            .with("Location", Routes.ROOT + "/commands/" + command.id())
            .withEtag(Integer.toString(command.version()));
    return waitPreference.applied(answer);
  }

  /** The command; with {@code wait}, once it has changed or the time is over. */
  Future<Response> get(ApiRequest call) {
    String id = call.path("id");
    WaitPreference waitPreference = WaitPreference.ofPoll(call, Command.State.class);
    return (waitPreference.isNone()
            ? call.onLoop(commands.get(id))
            : changed(call, id, waitPreference))
        .map(CommandsApi::present);
  }

  private Future<Command> changed(ApiRequest call, String id, WaitPreference waitPreference) {
    Predicate<Command> known = command -> waitPreference.knows(command.version(), command.state());
    return WaitPreference.outcome(call, commands.awaitChange(id, known, waitPreference.time()));
  }

  private static Response present(Command command) {
    return Response.ok(ApiJson.command(command)).withEtag(Integer.toString(command.version()));
  }

  /** Commands of one device, newest first. */
  Future<Response> ofDevice(ApiRequest call) {
    String device = call.path("id");
    return page(call, query(call, device));
  }

  /** Commands of all devices, newest first. */
  Future<Response> list(ApiRequest call) {
    return page(call, query(call, call.query().text("device")));
  }

  private Future<Response> page(ApiRequest call, CommandQuery query) {
    return call.document(commands.list(query), page -> ApiJson.page(page, ApiJson::command));
  }

  private static CommandQuery query(ApiRequest call, @Nullable String device) {
    QueryParams query = call.query();
    return new CommandQuery(
        device,
        query.text("job"),
        query.some("state", Command.State.class),
        query.text("cursor"),
        call.pageLimit());
  }

  /** Cancels a command; with {@code If-Match} only if its version matches. */
  Future<Response> cancel(ApiRequest call) {
    Precondition precondition = Preconditions.of(call.request(), WaitPreference.VERSION, "3");
    return commands
        .cancel(call.path("id"), call.principal().name(), precondition)
        .map(CommandsApi::present);
  }
}
