package io.signalbox.hub.api;

import static io.signalbox.hub.access.Scope.ADMIN;
import static io.signalbox.hub.access.Scope.COMMANDS_WRITE;
import static io.signalbox.hub.access.Scope.DEVICES_READ;
import static io.signalbox.hub.access.Scope.DEVICES_WRITE;
import static io.signalbox.hub.access.Scope.TELEMETRY_READ;
import static io.signalbox.hub.api.Endpoint.delete;
import static io.signalbox.hub.api.Endpoint.get;
import static io.signalbox.hub.api.Endpoint.patch;
import static io.signalbox.hub.api.Endpoint.post;
import static io.signalbox.hub.api.Endpoint.put;

import io.signalbox.hub.access.Scope;
import io.signalbox.hub.api.Endpoint.Conditional;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.RequiredAccess;
import java.util.List;
import java.util.stream.Stream;

/** The table of all HTTP endpoints with their access rules and query parameters. */
final class Routes {
  static final String ROOT = "/api/v1";

  private static final RequiredAccess ANYONE = new RequiredAccess.Public();
  private static final RequiredAccess SIGNED_IN = new RequiredAccess.Authenticated();

  private static final String DEVICES = ROOT + "/devices";
  private static final String DEVICE = DEVICES + "/{id}";
  private static final String TYPES = ROOT + "/types";
  private static final String TYPE = TYPES + "/{type}";
  private static final String COMMANDS = ROOT + "/commands";
  private static final String COMMAND = COMMANDS + "/{id}";
  private static final String JOBS = ROOT + "/jobs";
  private static final String JOB = JOBS + "/{id}";
  private static final String SESSION = ROOT + "/session";
  private static final String KEYS = ROOT + "/keys";

  private Routes() {}

  static List<Endpoint> all(ApiServices services, SystemApi hub, SessionApi session) {
    return Stream.of(
            registry(services),
            types(services),
            telemetry(services),
            commands(services),
            jobs(services),
            access(services, session),
            operations(hub))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Endpoint> registry(ApiServices services) {
    DevicesApi devices =
        new DevicesApi(
            services.registry(),
            services.sessions(),
            services.history(),
            services.deletion(),
            services.recorder(),
            services.typed());
    TwinApi twin = new TwinApi(services.twins());
    DescriptionApi description = new DescriptionApi(services.typed(), services.descriptions());
    DiagnosticsApi why = new DiagnosticsApi(services.diagnostics());
    return List.of(
        get(DEVICES, holding(DEVICES_READ), devices::list)
            .queryParams("limit", "cursor", "q", "type", "label", "presence", "sort", "include"),
        post(DEVICES, holding(DEVICES_WRITE), devices::register)
            .produces(Response.JSON, TelemetryApi.NDJSON),
        get(DEVICE, holding(DEVICES_READ), devices::get).queryParams("include"),
        patch(DEVICE, holding(DEVICES_WRITE), devices::update),
        delete(DEVICE, holding(DEVICES_WRITE), devices::delete),
        post(DEVICE + "/key", holding(DEVICES_WRITE), devices::newKey),
        get(DEVICE + "/description", holding(DEVICES_READ), description::get),
        get(DEVICE + "/description/versions", holding(DEVICES_READ), description::versions)
            .queryParams("limit", "cursor"),
        get(DEVICE + "/presence", holding(DEVICES_READ), devices::presence),
        get(DEVICE + "/recorder", holding(DEVICES_READ, COMMANDS_WRITE), why::recorder)
            .queryParams("limit", "cursor", "kind"),
        get(DEVICE + "/why", holding(DEVICES_READ, COMMANDS_WRITE), why::device),
        get(DEVICE + "/twin", holding(DEVICES_READ, COMMANDS_WRITE), twin::get),
        get(DEVICE + "/twin/history", holding(DEVICES_READ, COMMANDS_WRITE), twin::history)
            .queryParams("side", "limit", "cursor"),
        patch(
            DEVICE + "/twin/desired",
            holding(COMMANDS_WRITE),
            new Conditional(twin::patchDesired)));
  }

  private static List<Endpoint> types(ApiServices services) {
    TypesApi types = new TypesApi(services.types());
    return List.of(
        get(TYPES, holding(DEVICES_READ), types::list).queryParams("limit", "cursor"),
        get(TYPE, holding(DEVICES_READ), types::get),
        put(TYPE, holding(DEVICES_WRITE), new Conditional(types::put)),
        patch(TYPE, holding(DEVICES_WRITE), new Conditional(types::patch)),
        delete(TYPE, holding(DEVICES_WRITE), new Conditional(types::delete)),
        get(TYPE + "/versions", holding(DEVICES_READ), types::versions)
            .queryParams("limit", "cursor"));
  }

  private static List<Endpoint> telemetry(ApiServices services) {
    TelemetryApi telemetry =
        new TelemetryApi(
            services.registry(), services.history(), services.typed(), services.strict());
    return List.of(
        get(DEVICE + "/telemetry", holding(TELEMETRY_READ), telemetry::history)
            .queryParams("metric", "from", "to", "points", "aggregate", "limit")
            .produces(Response.JSON, TelemetryApi.CSV, TelemetryApi.NDJSON),
        get(DEVICE + "/telemetry/latest", holding(TELEMETRY_READ), telemetry::latest),
        get(DEVICE + "/metrics", holding(TELEMETRY_READ), telemetry::metrics));
  }

  private static List<Endpoint> commands(ApiServices services) {
    CommandsApi commands = new CommandsApi(services.commands());
    DiagnosticsApi why = new DiagnosticsApi(services.diagnostics());
    return List.of(
        get(DEVICE + "/commands", holding(DEVICES_READ, COMMANDS_WRITE), commands::ofDevice)
            .queryParams("limit", "cursor", "state"),
        get(COMMANDS, holding(DEVICES_READ, COMMANDS_WRITE), commands::list)
            .queryParams("limit", "cursor", "state", "device", "job"),
        post(DEVICE + "/commands", holding(COMMANDS_WRITE), commands::submit),
        get(COMMAND, holding(DEVICES_READ, COMMANDS_WRITE), commands::get)
            .queryParams("wait", "since"),
        get(COMMAND + "/why", holding(DEVICES_READ, COMMANDS_WRITE), why::command),
        delete(COMMAND, holding(COMMANDS_WRITE), new Conditional(commands::cancel)));
  }

  private static List<Endpoint> jobs(ApiServices services) {
    JobsApi jobs = new JobsApi(services.jobs());
    return List.of(
        post(COMMANDS, holding(COMMANDS_WRITE), jobs::submit),
        get(JOBS, holding(DEVICES_READ, COMMANDS_WRITE), jobs::list)
            .queryParams("limit", "cursor", "state"),
        get(JOB, holding(DEVICES_READ, COMMANDS_WRITE), jobs::get).queryParams("wait", "since"),
        get(JOB + "/commands", holding(DEVICES_READ, COMMANDS_WRITE), jobs::executions)
            .queryParams("limit", "cursor", "state"),
        delete(JOB, holding(COMMANDS_WRITE), new Conditional(jobs::cancel)));
  }

  private static List<Endpoint> access(ApiServices services, SessionApi session) {
    KeysApi keys = new KeysApi(services.access());
    return List.of(
        post(SESSION, ANYONE, session::signIn),
        get(SESSION, SIGNED_IN, session::get),
        delete(SESSION, ANYONE, session::signOut),
        get(KEYS, holding(ADMIN), keys::list),
        post(KEYS, holding(ADMIN), keys::create),
        delete(KEYS + "/{id}", holding(ADMIN), keys::delete));
  }

  private static List<Endpoint> operations(SystemApi hub) {
    return List.of(
        get(ROOT + "/info", SIGNED_IN, hub::info),
        get(ROOT + "/nodes", SIGNED_IN, hub::nodes),
        get("/health/live", ANYONE, hub::live),
        get("/health/ready", ANYONE, hub::ready),
        get("/metrics", ANYONE, hub::metrics).produces("text/plain"),
        get("/openapi.json", ANYONE, hub.document("openapi.json")),
        get(ROOT + "/openapi.json", ANYONE, hub.document("openapi.json")),
        get("/asyncapi.json", ANYONE, hub.document("asyncapi.json")));
  }

  private static RequiredAccess holding(Scope... oneOf) {
    return new RequiredAccess.AnyScopeOf(List.of(oneOf));
  }
}
