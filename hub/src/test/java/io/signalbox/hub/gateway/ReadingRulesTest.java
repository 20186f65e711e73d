package io.signalbox.hub.gateway;

import static io.signalbox.hub.json.TestJson.json;
import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.config.Configuration;
import io.signalbox.hub.devicetype.DeviceTypeStore;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.fleet.DeviceDescriptions;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.MetricUnits;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.StrictDevices;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderSettings;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import io.signalbox.hub.store.sqlite.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.IngestMetrics;
import io.signalbox.hub.telemetry.IngestSettings;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.signalbox.hub.wire.DeviceMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session whose messages wait for the rules of its device's type. */
@SuppressWarnings("NullAway.Init") // set before each test
class ReadingRulesTest {
  private static final int MOST_PENDING = 64;

  /** A long pause for each reading over the limit. */
  private static final GatewaySettings SETTINGS =
      new GatewaySettings(30, 1_048_576, 10_000, 1, 1_000, 1_000, Duration.ofMinutes(1));

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final ManualClock clock = new ManualClock(1_764_000_000_000L);
  private final RecordingChannel channel = new RecordingChannel();
  private SqliteDatabase database;
  private SqliteTelemetryStore telemetry;
  private DeviceTypes types;
  private DeviceDescriptions descriptions;
  private Context loop;
  private DeviceSession session;

  /** What the look-up of a type waits for. */
  private volatile Promise<Void> gate = Promise.promise();

  /** What stored readings wait for. */
  private volatile Promise<Void> durable = Promise.promise();

  private volatile boolean sought;
  private volatile boolean appended;

  @BeforeEach
  void open() throws IOException {
    database = TestDatabase.open(directory);
    telemetry =
        SqliteTelemetryStore.open(
            directory.resolve("telemetry"), TelemetrySettings.DEFAULTS, clock);
    durable.complete();
    DeviceRegistry registry =
        new DeviceRegistry(new SqliteDeviceStore(database), Topic.of(vertx, "devices"), clock);
    types =
        new DeviceTypes(
            gated(DeviceTypeStore.class, new SqliteDeviceTypeStore(database)),
            Topic.of(vertx, "types"),
            clock);
    SqliteDescriptionStore described = new SqliteDescriptionStore(database);
    descriptions = new DeviceDescriptions(described, registry, clock);
    StrictDevices strict = new StrictDevices(registry, types, descriptions);
    answer(registry.start());
    answer(types.open(vertx));
    answer(descriptions.open(vertx));
    NewDevice valve = new NewDevice("v-1", null, "valve", Map.of(), null);
    String key = answer(registry.register(valve)).key();
    loop = ((VertxInternal) vertx).createEventLoopContext();
    DeviceSessions sessions =
        sessions(registry, new MetricUnits(described, registry, clock), strict);
    session =
        answer(
            Future.future(
                opened ->
                    loop.runOnContext(
                        turn ->
                            sessions
                                .open(key, Transport.WEBSOCKET, "127.0.0.1:1", channel)
                                .onComplete(opened::handle))));
  }

  private DeviceSessions sessions(
      DeviceRegistry registry, MetricUnits units, StrictDevices strict) {
    SessionRegistry presence =
        new SessionRegistry(
            new SqliteSessionStore(database),
            Topic.of(vertx, "presence"),
            "hub",
            FleetSettings.standard(),
            clock);
    CommandService commands =
        new CommandService(
            new SqliteCommandStore(database),
            presence,
            Topic.of(vertx, "commands"),
            "test",
            clock,
            Configuration.defaults(CommandSettings.class));
    answer(presence.start());
    answer(commands.open(vertx));
    GatewayEventLog eventLog =
        new GatewayEventLog(
            new FlightRecorder(
                new SqliteRecorderStore(database, 20),
                "test",
                clock,
                new RecorderSettings(20, 1_000)));
    TwinService twins =
        new TwinService(new SqliteTwinStore(database, 100), Topic.of(vertx, "twins"), clock);
    TelemetryIngest ingest =
        new TelemetryIngest(
            loop,
            gated(TelemetryStore.class, telemetry),
            Topic.of(vertx, "telemetry"),
            new IngestSettings(256, MOST_PENDING),
            new IngestMetrics());
    return new DeviceSessions(
        new DeviceAdmission(registry, presence, commands, eventLog, SETTINGS),
        new DeviceSessions.Services(commands, twins, descriptions, units, strict, eventLog),
        ingest,
        SETTINGS);
  }

  /** A store whose look-ups of types, and whose readings, wait. */
  private <T> T gated(Class<T> port, T store) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> call(store, method, arguments)));
  }

  private Object call(Object store, Method method, Object[] arguments) throws Throwable {
    Promise<Void> shut = method.getName().equals("find") ? gate : durable;
    try {
      Object result = method.invoke(store, arguments);
      sought |= method.getName().equals("find");
      appended |= method.getName().equals("append");
      return method.getName().equals("find") || method.getName().equals("append")
          ? shut.future().compose(open -> (Future<?>) result)
          : result;
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  @AfterEach
  void close() {
    answer(vertx.close());
    answer(telemetry.close());
    answer(database.close());
  }

  private void define(String document) {
    answer(types.put("valve", json(document), Precondition.NONE, "ann"));
  }

  private void receive(DeviceMessage... messages) {
    answer(
        Future.future(
            done ->
                loop.runOnContext(
                    turn -> {
                      for (DeviceMessage message : messages) {
                        session.receive(message, clock.wallMillis());
                      }
                      done.handle(Future.succeededFuture());
                    })));
  }

  private static DeviceMessage flow(long seq, Value value) {
    Reading reading = new Reading("flow", 1_764_000_000_000L + seq, value);
    return new DeviceMessage.Telemetry(seq, List.of(reading), true, 0);
  }

  private void open(Promise<Void> shut) {
    loop.runOnContext(turn -> shut.complete());
  }

  @Test
  void messages_wait_in_order_and_the_session_does_not_read_on() {
    define("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{\"kind\":\"number\"}}}");

    receive(flow(1, new Value.Num(1)), flow(2, new Value.Text("x")), flow(3, new Value.Num(3)));
    receive(new DeviceMessage.Ping(), flow(4, new Value.Text("y")));

    assertThat(channel.reads).isFalse();
    assertThat(channel.sent).containsExactly("pong");
    open(gate);
    await().until(() -> channel.sent.contains("ack 3"));
    assertThat(channel.sent)
        .containsExactly("pong", "invalid-readings 2", "invalid-readings 4", "ack 3");
    assertThat(channel.reads).isTrue();
    receive(flow(5, new Value.Num(5)));
    await().until(() -> channel.sent.contains("ack 5"));
  }

  @Test
  void a_failed_look_up_refuses_what_waits_and_the_next_message_tries_again() {
    define("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{\"kind\":\"number\"}}}");
    receive(flow(1, new Value.Num(1)), flow(2, new Value.Num(2)));
    await().until(() -> sought);
    Promise<Void> broken = gate;
    gate = Promise.promise();
    gate.complete();

    loop.runOnContext(
        turn -> broken.fail(new Refusal(ErrorCode.UNAVAILABLE, "the store is closing")));
    await().until(() -> channel.sent.size() == 2);

    assertThat(channel.sent).containsExactly("unavailable 1", "unavailable 2");
    await().until(() -> channel.reads);
    receive(flow(3, new Value.Num(3)), flow(4, new Value.Text("x")));
    await().until(() -> channel.sent.contains("ack 3"));
    assertThat(channel.sent).endsWith("invalid-readings 4", "ack 3");
  }

  @Test
  void a_type_that_changes_during_the_look_up_is_looked_up_again() {
    define("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{\"kind\":\"number\"}}}");
    receive(flow(1, new Value.Num(1)));
    await().until(() -> sought);
    Promise<Void> first = gate;
    gate = Promise.promise();

    define("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{\"kind\":\"text\"}}}");
    open(first);
    receive(flow(2, new Value.Text("x")));
    assertThat(channel.sent).isEmpty();
    open(gate);

    await().until(() -> channel.sent.contains("ack 2"));
    assertThat(channel.sent).containsExactly("invalid-readings 1", "ack 2");
  }

  @Test
  void messages_that_wait_stay_in_order_when_no_type_is_strict_any_more() {
    define("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{\"kind\":\"number\"}}}");
    receive(flow(1, new Value.Text("x")));
    await().until(() -> sought);

    define("{}");
    receive(flow(2, new Value.Text("y")));
    assertThat(channel.sent).isEmpty();
    open(gate);

    await().until(() -> channel.sent.contains("ack 2"));
    assertThat(channel.sent).isSubsetOf("ack 1", "ack 2");
    receive(flow(3, new Value.Text("z")));
    await().until(() -> channel.sent.contains("ack 3"));
  }

  @Test
  void descriptions_over_the_rate_limit_pause_the_session_although_it_waits_for_them() {
    gate.complete();
    define("{\"strict\":\"refuse\"}");
    int most = SETTINGS.maxReadings() / GatewaySettings.DESCRIPTION_COST;
    DeviceMessage[] flood = new DeviceMessage[most + 1];
    Arrays.fill(flood, new DeviceMessage.Describe("{\"metrics\":{\"flow\":{}}}"));

    receive(flood);
    await().until(() -> channel.sent.size() == flood.length);
    receive();

    assertThat(channel.sent).containsOnly("described 1");
    assertThat(channel.reads).isFalse();
  }

  @Test
  void a_session_that_has_waited_for_the_rules_reads_on_when_the_store_has_room() {
    define("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{\"kind\":\"number\"}}}");
    durable = Promise.promise();
    DeviceMessage[] all = new DeviceMessage[MOST_PENDING];
    Arrays.setAll(all, i -> flow(i + 1, new Value.Num(i)));
    receive(all);

    open(gate);
    await().until(() -> appended);
    receive();
    assertThat(channel.reads).isFalse();

    open(durable);
    await().until(() -> channel.sent.contains("ack " + MOST_PENDING));
    await().until(() -> channel.reads);
  }

  @Test
  void room_in_the_store_does_not_end_the_wait_for_the_rules() {
    gate.complete();
    define("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{\"kind\":\"number\"}}}");
    durable = Promise.promise();
    DeviceMessage[] all = new DeviceMessage[MOST_PENDING];
    Arrays.setAll(all, i -> flow(i + 1, new Value.Num(i)));
    receive(flow(1, new Value.Num(1)));
    await().until(() -> appended);
    receive(Arrays.copyOfRange(all, 1, MOST_PENDING));
    assertThat(channel.reads).isFalse();
    gate = Promise.promise();
    define("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{}}}");
    receive(flow(MOST_PENDING + 1, new Value.Text("x")));

    open(durable);
    await().until(() -> channel.sent.contains("ack " + MOST_PENDING));
    receive();
    assertThat(channel.reads).isFalse();

    open(gate);
    await().until(() -> channel.sent.contains("ack " + (MOST_PENDING + 1)));
    await().until(() -> channel.reads);
  }
}
