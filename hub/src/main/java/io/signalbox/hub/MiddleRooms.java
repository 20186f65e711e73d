package io.signalbox.hub;

import io.signalbox.hub.access.Access;
import io.signalbox.hub.access.Bootstrap;
import io.signalbox.hub.api.Rooms;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.deletion.DeviceDeletion;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.fleet.Twins;
import io.signalbox.hub.job.Jobs;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.access.ApiKeyTable;
import io.signalbox.hub.store.embedded.command.CommandTable;
import io.signalbox.hub.store.embedded.fleet.DeviceTable;
import io.signalbox.hub.store.embedded.fleet.SessionTable;
import io.signalbox.hub.store.embedded.fleet.TwinTable;
import io.signalbox.hub.store.embedded.job.EmbeddedJobStore;
import io.signalbox.hub.store.embedded.recorder.RecorderTable;
import io.signalbox.hub.telemetry.History;
import io.signalbox.hub.why.Terms;
import io.signalbox.hub.why.Why;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The middle rooms, upon the stores. */
record MiddleRooms(
    Registry registry,
    Presences presences,
    Twins twins,
    Commands commands,
    Jobs jobs,
    FlightRecorder recorder,
    History history,
    Access access,
    DeviceDeletion deletion) {

  static MiddleRooms build(HubConfig config, Stores stores, Topics topics, HubClock clock) {
    HubDatabase database = stores.database();
    Registry registry = new Registry(new DeviceTable(database), topics.devices(), clock);
    Presences presences =
        new Presences(new SessionTable(database), topics.presence(), config.fleet(), clock);
    Commands commands =
        new Commands(
            new CommandTable(database),
            presences,
            topics.commands(),
            config.node(),
            clock,
            config.commands());
    FlightRecorder recorder =
        new FlightRecorder(
            new RecorderTable(database, config.recorder().keep()),
            config.node(),
            clock,
            config.recorder());
    History history = new History(stores.telemetry(), clock);
    return new MiddleRooms(
        registry,
        presences,
        new Twins(new TwinTable(database, config.fleet().twinHistory()), topics.twins(), clock),
        commands,
        new Jobs(
            new EmbeddedJobStore(database),
            registry,
            commands,
            new Jobs.Ears(topics.commands(), topics.jobs()),
            clock,
            config.jobs()),
        recorder,
        history,
        new Access(new ApiKeyTable(database), clock),
        new DeviceDeletion(registry, presences, commands, history, recorder));
  }

  /** Takes up what the last run left behind; tells how the hub can be administered. */
  Future<Bootstrap> open(Vertx vertx, HubConfig config, Topics topics) {
    recorder.open(vertx, topics.devices());
    return registry
        .start()
        .compose(counted -> presences.start(vertx))
        .onSuccess(recorder::restarted)
        .compose(offline -> commands.open(vertx))
        .compose(recovered -> deletion.open(vertx))
        .compose(deleted -> jobs.open(vertx))
        .compose(recovered -> access.bootstrap(config.adminKey()));
  }

  /** The same, as the API asks them. */
  Rooms asked(Terms hub, HubClock clock) {
    Why why = new Why(registry, presences, commands, recorder, hub, clock);
    return new Rooms(
        registry, presences, twins, commands, jobs, recorder, why, history, access, deletion);
  }

  /** Requests that wait for a command or a job are answered as it stands. */
  Future<Void> drain() {
    return Future.join(commands.drain(), jobs.drain()).mapEmpty();
  }

  /** Completes what was begun. */
  Future<Void> close() {
    presences.close();
    return jobs.close().eventually(commands::close).eventually(recorder::flush);
  }
}
