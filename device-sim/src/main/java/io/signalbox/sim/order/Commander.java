package io.signalbox.sim.order;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.api.Registrar;
import io.signalbox.sim.fault.Chance;
import io.signalbox.sim.model.Errand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A program that gives commands to a fleet at a steady pace, a bounded number at a time, and
 * follows what becomes of them on an operator's stream. Its {@link Clerk} speaks with the hub.
 *
 * <p>Threading: its own loop; {@link #shown}, {@link #finish} and {@link #isDone} are for any
 * thread.
 */
public final class Commander extends VerticleBase {
  private static final long TICK_MILLIS = 5;
  private static final long LOOK_MILLIS = 1000;
  private static final int MOST_ASKED = 64;
  private static final int MOST_OPEN = 20_000;
  private static final int LATEST_MILLIS = 3000;
  private static final int TRIES = 4;

  /** Below the 50 that a hub keeps for a device. */
  private static final int MOST_OPEN_OF_A_DEVICE = 40;

  private final HubApi api;
  private final Brief brief;
  private final OrderBook book;
  private final List<Registrar.Entry> fleet;
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
  public Commander(
      HubApi api,
      Brief brief,
      OrderBook book,
      List<Registrar.Entry> fleet,
      RandomGenerator random,
      LongSupplier clock) {
    this.api = api;
    this.brief = brief;
    this.book = book;
    this.fleet = fleet;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    Clerk clerk = new Clerk(vertx, api, book, random);
    vertx.setPeriodic(TICK_MILLIS, tick -> pace(clerk));
    vertx.setPeriodic(LOOK_MILLIS, tick -> clerk.lookUp());
    return Future.succeededFuture();
  }

  /** What is late because too much is open is not given later: the pace stays what it is. */
  private void pace(Clerk clerk) {
    double due = (System.nanoTime() - begun) / 1e9 * brief.perSecond();
    for (; !finishing && paced < due; paced++) {
      if (clerk.asked() < MOST_ASKED && book.open().size() < MOST_OPEN) {
        give(clerk);
      } else {
        book.heldBack();
      }
    }
    done = finishing && book.open().isEmpty();
  }

  private void give(Clerk clerk) {
    for (int i = 0; i < TRIES; i++) {
      int device = random.nextInt(fleet.size());
      if (book.openOf(fleet.get(device).id()) < MOST_OPEN_OF_A_DEVICE) {
        clerk.ask(order(fleet.get(device)), Chance.happens(brief.cancel(), random));
        return;
      }
    }
    book.heldBack();
  }

  private Order order(Registrar.Entry device) {
    Errand errand =
        brief.name().map(Errand::plain).orElseGet(() -> Errand.usual(device.type(), random));
    boolean later = Chance.happens(brief.later(), random);
    long notBefore = later ? clock.getAsLong() + random.nextInt(LATEST_MILLIS) : 0;
    return book.enter(device.id(), errand, brief.ttl(), notBefore);
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
