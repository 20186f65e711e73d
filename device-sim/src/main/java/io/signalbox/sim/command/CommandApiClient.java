package io.signalbox.sim.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.api.HubApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Posts orders to the hub. Whatever becomes of a request, it is sent again with the same
 * idempotency key until the hub has said yes or no, so that neither a lost connection nor a killed
 * hub loses a command or makes it twice. Orders of which nothing was heard for long are looked up.
 *
 * <p>Threading: the commander's loop.
 */
final class CommandApiClient {
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LOOKED_UP_AT_ONCE = 100;
  private static final long FIRST_RETRY_MILLIS = 100;
  private static final long LONGEST_RETRY_MILLIS = 3000;

  private final Vertx vertx;
  private final HubApi api;
  private final IssuedCommands book;
  private final RandomGenerator random;
  private int asked;
  private int lookedUp;

  CommandApiClient(Vertx vertx, HubApi api, IssuedCommands book, RandomGenerator random) {
    this.vertx = vertx;
    this.api = api;
    this.book = book;
    this.random = random;
  }

  /** How many orders the hub has not answered yet. */
  int asked() {
    return asked;
  }

  /** Posts an order until there is an answer, and takes it back then if {@code cancel} says so. */
  void ask(IssuedCommand order, boolean cancel) {
    asked++;
    request(order).onSuccess(command -> taken(order, command, cancel)).onFailure(no -> asked--);
  }

  private Future<JsonNode> request(IssuedCommand order) {
    return api.post(order.path(), order.body(), Map.of("Idempotency-Key", order.key(book.run())))
        .recover(fault -> again(order, fault));
  }

  private Future<JsonNode> again(IssuedCommand order, Throwable fault) {
    boolean settled =
        fault instanceof HubApiException refused
            && (!refused.mayPass() || refused.is("queue-full"));
    if (settled) {
      book.refused(order, String.valueOf(fault.getMessage()));
      return Future.failedFuture(fault);
    }
    book.askedAgain();
    return vertx
        .timer(retryMillis(order.attempt()), TimeUnit.MILLISECONDS)
        .compose(now -> request(order));
  }

  private long retryMillis(int attempts) {
    long most = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(attempts, 10));
    return most / 2 + random.nextLong(most / 2 + 1);
  }

  private void taken(IssuedCommand order, JsonNode command, boolean cancel) {
    asked--;
    book.taken(order, command);
    if (cancel) {
      // That it is with the device already, or that the hub is away, is as good an answer as any.
      api.delete("/commands/" + order.id()).onSuccess(book::seen);
    }
  }

  /** Looks up what nothing was heard of for long. */
  void lookUp() {
    long now = System.nanoTime();
    List<IssuedCommand> quiet =
        book.open().stream()
            .filter(each -> !each.id().isEmpty() && now - each.updateNanos() > QUIET_NANOS)
            .limit(Math.max(0, LOOKED_UP_AT_ONCE - lookedUp))
            .toList();
    quiet.forEach(this::lookUp);
  }

  private void lookUp(IssuedCommand order) {
    lookedUp++;
    order.news();
    api.get("/commands/" + order.id()).onComplete(answer -> lookedUp--).onSuccess(book::seen);
  }
}
