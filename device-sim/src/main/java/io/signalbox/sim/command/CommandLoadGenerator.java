package io.signalbox.sim.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.api.FleetRegistrar;
import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.fault.Probability;
import io.signalbox.sim.model.CommandRequest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Load generator that creates commands for a fleet at a constant rate with a bounded number open,
 * and follows their state on an operator's stream. Calls the hub through a {@link
 * CommandApiClient}.
 *
 * <p>Threading: its own loop; {@link #shown}, {@link #finish} and {@link #isDone} are for any
 * thread.
 */
public final class CommandLoadGenerator extends VerticleBase {
  private static final long TICK_MILLIS = 5;
  private static final long LOOK_MILLIS = 1000;
  private static final int MOST_ASKED = 64;
  private static final int MOST_OPEN = 20_000;
  private static final int LATEST_MILLIS = 3000;
  private static final int TRIES = 4;

  /** Below the hub's limit of 50 unfinished commands per device. */
  private static final int MOST_OPEN_OF_A_DEVICE = 40;

  private final HubApi api;
  private final CommandLoadPlan loadPlan;
  private final IssuedCommands issuedCommands;
  private final List<FleetRegistrar.Entry> fleet;
  private final RandomGenerator random;
  private final LongSupplier clock;
  private final long begun = System.nanoTime();
  private long paced;
  private volatile boolean finishing;
  private volatile boolean done;

  /**
   * Creates a load generator.
   *
   * @param api client of the hub's REST API with enough connections
   * @param issuedCommands where all commands are recorded
   * @param clock Unix milliseconds
   */
  public CommandLoadGenerator(
      HubApi api,
      CommandLoadPlan loadPlan,
      IssuedCommands issuedCommands,
      List<FleetRegistrar.Entry> fleet,
      RandomGenerator random,
      LongSupplier clock) {
    this.api = api;
    this.loadPlan = loadPlan;
    this.issuedCommands = issuedCommands;
    this.fleet = fleet;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    CommandApiClient client = new CommandApiClient(vertx, api, issuedCommands, random);
    vertx.setPeriodic(TICK_MILLIS, tick -> pace(client));
    vertx.setPeriodic(LOOK_MILLIS, tick -> client.lookUp());
    return Future.succeededFuture();
  }

  /** Commands skipped because too many are open are not made up for: the rate stays constant. */
  private void pace(CommandApiClient client) {
    double due = (System.nanoTime() - begun) / 1e9 * loadPlan.perSecond();
    for (; !finishing && paced < due; paced++) {
      if (client.requested() < MOST_ASKED && issuedCommands.open().size() < MOST_OPEN) {
        give(client);
      } else {
        issuedCommands.skipped();
      }
    }
    done = finishing && issuedCommands.open().isEmpty();
  }

  private void give(CommandApiClient client) {
    for (int i = 0; i < TRIES; i++) {
      int device = random.nextInt(fleet.size());
      if (issuedCommands.openOf(fleet.get(device).id()) < MOST_OPEN_OF_A_DEVICE) {
        client.ask(issued(fleet.get(device)), Probability.happens(loadPlan.cancel(), random));
        return;
      }
    }
    issuedCommands.skipped();
  }

  private IssuedCommand issued(FleetRegistrar.Entry device) {
    CommandRequest request =
        loadPlan
            .name()
            .map(CommandRequest::plain)
            .orElseGet(() -> CommandRequest.usual(device.type(), random));
    boolean later = Probability.happens(loadPlan.later(), random);
    long notBefore = later ? clock.getAsLong() + random.nextInt(LATEST_MILLIS) : 0;
    return issuedCommands.enter(device.id(), request, loadPlan.ttl(), notBefore);
  }

  /** Handles an event of the operator's stream. */
  public void shown(JsonNode event) {
    if (event.path("type").asText().equals("command")) {
      context.runOnContext(here -> issuedCommands.seen(event.path("command")));
    }
  }

  /** Stops creating commands. */
  public void finish() {
    finishing = true;
  }

  /** Whether every command has ended and every request is answered. */
  public boolean isDone() {
    return done;
  }
}
