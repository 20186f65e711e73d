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
 * Creates commands at the hub. A request is repeated with the same idempotency key until the hub
 * accepts or rejects it, so that a lost connection or a killed hub neither loses nor duplicates a
 * command. Commands without news are looked up.
 *
 * <p>Threading: the load generator's event loop.
 */
final class CommandApiClient {
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LOOKED_UP_AT_ONCE = 100;
  private static final long FIRST_RETRY_MILLIS = 100;
  private static final long LONGEST_RETRY_MILLIS = 3000;

  private final Vertx vertx;
  private final HubApi api;
  private final IssuedCommands issuedCommands;
  private final RandomGenerator random;
  private int requested;
  private int lookedUp;

  CommandApiClient(Vertx vertx, HubApi api, IssuedCommands issuedCommands, RandomGenerator random) {
    this.vertx = vertx;
    this.api = api;
    this.issuedCommands = issuedCommands;
    this.random = random;
  }

  /** Number of unanswered requests. */
  int requested() {
    return requested;
  }

  /** Posts a command until the hub answers, then cancels it if {@code cancel} is set. */
  void ask(IssuedCommand issued, boolean cancel) {
    requested++;
    request(issued)
        .onSuccess(command -> taken(issued, command, cancel))
        .onFailure(no -> requested--);
  }

  private Future<JsonNode> request(IssuedCommand issued) {
    return api.post(
            issued.path(),
            issued.body(),
            Map.of("Idempotency-Key", issued.key(issuedCommands.run())))
        .recover(fault -> again(issued, fault));
  }

  private Future<JsonNode> again(IssuedCommand issued, Throwable fault) {
    boolean settled =
        fault instanceof HubApiException refused
            && (!refused.isRetryable() || refused.is("queue-full"));
    if (settled) {
      issuedCommands.refused(issued, String.valueOf(fault.getMessage()));
      return Future.failedFuture(fault);
    }
    issuedCommands.repeated();
    return vertx
        .timer(retryMillis(issued.attempt()), TimeUnit.MILLISECONDS)
        .compose(now -> request(issued));
  }

  private long retryMillis(int attempts) {
    long most = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(attempts, 10));
    return most / 2 + random.nextLong(most / 2 + 1);
  }

  private void taken(IssuedCommand issued, JsonNode command, boolean cancel) {
    requested--;
    issuedCommands.taken(issued, command);
    if (cancel) {
      // Failures are expected: the command may have reached its device, or the hub is down.
      api.delete("/commands/" + issued.id()).onSuccess(issuedCommands::seen);
    }
  }

  /** Looks up commands without recent news. */
  void lookUp() {
    long now = System.nanoTime();
    List<IssuedCommand> quiet =
        issuedCommands.open().stream()
            .filter(each -> !each.id().isEmpty() && now - each.updateNanos() > QUIET_NANOS)
            .limit(Math.max(0, LOOKED_UP_AT_ONCE - lookedUp))
            .toList();
    quiet.forEach(this::lookUp);
  }

  private void lookUp(IssuedCommand issued) {
    lookedUp++;
    issued.news();
    api.get("/commands/" + issued.id())
        .onComplete(answer -> lookedUp--)
        .onSuccess(issuedCommands::seen);
  }
}
