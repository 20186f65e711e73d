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
 * A program that gives commands to a fleet at a steady pace, a bounded number at a time, and
 * follows what becomes of them on an operator's stream. Its {@link CommandApiClient} speaks with
 * the hub.
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

  /** Below the 50 that a hub keeps for a device. */
  private static final int MOST_OPEN_OF_A_DEVICE = 40;

  private final HubApi api;
  private final CommandLoadPlan loadPlan;
  private final IssuedCommands book;
  private final List<FleetRegistrar.Entry> fleet;
  private final RandomGenerator random;
  private final LongSupplier clock;
  private final long begun = System.nanoTime();
  private long paced;
  private volatile boolean finishing;
  private volatile boolean done;

  /**
   * A commander of a fleet.
   *
   * @param api the hub's REST door, with connections enough
   * @param book in which everything is kept
   * @param clock Unix milliseconds
   */
  public CommandLoadGenerator(
      HubApi api,
      CommandLoadPlan loadPlan,
      IssuedCommands book,
      List<FleetRegistrar.Entry> fleet,
      RandomGenerator random,
      LongSupplier clock) {
    this.api = api;
    this.loadPlan = loadPlan;
    this.book = book;
    this.fleet = fleet;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    CommandApiClient client = new CommandApiClient(vertx, api, book, random);
    vertx.setPeriodic(TICK_MILLIS, tick -> pace(client));
    vertx.setPeriodic(LOOK_MILLIS, tick -> client.lookUp());
    return Future.succeededFuture();
  }

  /** What is late because too much is open is not given later: the pace stays what it is. */
  private void pace(CommandApiClient client) {
    double due = (System.nanoTime() - begun) / 1e9 * loadPlan.perSecond();
    for (; !finishing && paced < due; paced++) {
      if (client.asked() < MOST_ASKED && book.open().size() < MOST_OPEN) {
        give(client);
      } else {
        book.heldBack();
      }
    }
    done = finishing && book.open().isEmpty();
  }

  private void give(CommandApiClient client) {
    for (int i = 0; i < TRIES; i++) {
      int device = random.nextInt(fleet.size());
      if (book.openOf(fleet.get(device).id()) < MOST_OPEN_OF_A_DEVICE) {
        client.ask(order(fleet.get(device)), Probability.happens(loadPlan.cancel(), random));
        return;
      }
    }
    book.heldBack();
  }

  private IssuedCommand order(FleetRegistrar.Entry device) {
    CommandRequest request =
        loadPlan
            .name()
            .map(CommandRequest::plain)
            .orElseGet(() -> CommandRequest.usual(device.type(), random));
    boolean later = Probability.happens(loadPlan.later(), random);
    long notBefore = later ? clock.getAsLong() + random.nextInt(LATEST_MILLIS) : 0;
    return book.enter(device.id(), request, loadPlan.ttl(), notBefore);
  }

  /** An event of the operator's stream. */
  public void shown(JsonNode event) {
    if (event.path("type").asText().equals("command")) {
      context.runOnContext(here -> book.seen(event.path("command")));
    }
  }

  /** Gives no more commands. */
  public void finish() {
    finishing = true;
  }

  /** Whether every command is over, and every request answered. */
  public boolean isDone() {
    return done;
  }
}
