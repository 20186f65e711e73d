package io.signalbox.hub;

import io.signalbox.hub.access.AccessControl;
import io.signalbox.hub.access.AdminBootstrap;
import io.signalbox.hub.api.ApiServices;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.deletion.DeviceDeletion;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.diagnostics.Diagnostics;
import io.signalbox.hub.diagnostics.HubLimits;
import io.signalbox.hub.fleet.DeviceDescriptions;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.MetricUnits;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.StrictDevices;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.job.JobService;
import io.signalbox.hub.model.Ownership;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Metrics;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.telemetry.HistoryService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** The services, built on the stores. */
record Services(
    DeviceRegistry registry,
    DeviceTypes types,
    DeviceDescriptions descriptions,
    MetricUnits units,
    TypedDevices typed,
    StrictDevices strict,
    SessionRegistry sessions,
    TwinService twins,
    CommandService commands,
    JobService jobs,
    FlightRecorder recorder,
    HistoryService history,
    AccessControl access,
    DeviceDeletion deletion) {

  static Services build(HubConfig config, Stores stores, EventTopics topics, HubClock clock) {
    DeviceRegistry registry = new DeviceRegistry(stores.devices(), topics.devices(), clock);
    DeviceTypes types = new DeviceTypes(stores.types(), topics.types(), clock);
    DeviceDescriptions descriptions =
        new DeviceDescriptions(stores.descriptions(), registry, clock);
    MetricUnits units = new MetricUnits(stores.descriptions(), registry, clock);
    SessionRegistry sessions =
        new SessionRegistry(
            stores.sessions(), topics.presence(), config.node(), config.fleet(), clock);
    CommandService commands =
        new CommandService(
            stores.commands(),
            sessions,
            topics.commands(),
            config.node(),
            clock,
            config.commands());
    FlightRecorder recorder =
        new FlightRecorder(stores.recorder(), config.node(), clock, config.recorder());
    HistoryService history = new HistoryService(stores.telemetry(), clock);
    Services services =
        new Services(
            registry,
            types,
            descriptions,
            units,
            new TypedDevices(registry, types, descriptions, units),
            new StrictDevices(registry, types, descriptions),
            sessions,
            new TwinService(stores.twins(), topics.twins(), clock),
            commands,
            new JobService(stores.jobs(), registry, commands, topics.jobs(), clock, config.jobs()),
            recorder,
            history,
            new AccessControl(stores.access(), topics.apiKeys(), clock),
            new DeviceDeletion(registry, sessions, commands, history, recorder));
    services.applyTypes();
    return services;
  }

  private void applyTypes() {
    sessions.silenceBy(typed);
    twins.validateBy(typed);
    commands.validateBy(typed);
    jobs.validateBy(typed);
  }

  /**
   * Recovers the state of the last run and starts the services; reports how the hub can be
   * administered.
   */
  Future<AdminBootstrap> open(
      Vertx vertx, HubConfig config, EventTopics topics, Ownership ownership) {
    recorder.open(vertx, topics.devices());
    return registry
        .start()
        .compose(counted -> types.open(vertx))
        .compose(known -> descriptions.open(vertx))
        .compose(known -> sessions.start(vertx))
        .onSuccess(recorder::restarted)
        .compose(offline -> commands.open(vertx, ownership))
        .compose(recovered -> deletion.open(vertx, ownership))
        .compose(deleted -> jobs.open(vertx, ownership))
        .compose(recovered -> access.bootstrap(config.adminKey()));
  }

  /** Takes over what a node held that has stopped answering. */
  Future<Void> takeOver(String lost) {
    return sessions
        .takeOver(lost, SessionEnd.Cause.NODE_LOST)
        .onSuccess(cutOff -> recorder.nodeLost(lost, cutOff))
        .compose(taken -> commands.requeueLost());
  }

  /** Reads anew what is in memory, because events of other nodes were lost. */
  Future<Void> refresh() {
    access.refresh();
    units.refresh();
    return Future.join(
            List.of(
                registry.refresh(),
                types.refresh(),
                descriptions.refresh(),
                sessions.reload(),
                commands.refresh()))
        .mapEmpty();
  }

  /** The services as the REST API needs them. */
  ApiServices apiServices(HubConfig config, HubClock clock, Health health, Metrics metrics) {
    HubLimits limits =
        new HubLimits(
            config.commands().maxInFlight(),
            config.recorder().entriesPerDevice(),
            health::notReadyReason);
    Diagnostics diagnostics =
        new Diagnostics(registry, sessions.presence(), commands, recorder, limits, clock);
    return new ApiServices(
        registry,
        types,
        descriptions,
        typed,
        strict,
        sessions,
        twins,
        commands,
        jobs,
        recorder,
        diagnostics,
        history,
        access,
        deletion,
        health,
        metrics);
  }

  /** Answers held requests with the present state of their command or job. */
  Future<Void> drain() {
    return Future.join(commands.drain(), jobs.drain()).mapEmpty();
  }

  /** Finishes work in progress. */
  Future<Void> close() {
    sessions.close();
    return jobs.close().eventually(commands::close).eventually(recorder::flush);
  }
}
