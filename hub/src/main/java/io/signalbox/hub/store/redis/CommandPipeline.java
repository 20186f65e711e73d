package io.signalbox.hub.store.redis;

import io.signalbox.hub.store.redis.RedisConnector.OpenConnection;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands that were sent over one connection, in order.
 *
 * <p>If writes count only when replicas have them, an answer is held back until a {@code WAIT} that
 * was sent after the command has confirmed it. There is one {@code WAIT} under way at a time, which
 * covers all commands before it. Answers of reads wait as well: this keeps the order, and nothing
 * is shown that a failover may undo.
 *
 * <p>Threading: the link's event loop.
 */
final class CommandPipeline {
  private final OpenConnection open;
  private final boolean cluster;
  private final int replicas;
  private final Duration timeout;
  private final LinkHealth health;
  private final Consumer<String> end;

  /** Hashes of scripts that the server knows; on a cluster with the hash tag that they ran for. */
  private final Set<String> known;

  private final Deque<PendingCommand> sent = new ArrayDeque<>();
  private List<PendingCommand> unconfirmed = new ArrayList<>();
  private boolean confirming;
  private long lastSent;

  /**
   * The pipeline of a new connection.
   *
   * @param known hashes of the scripts that the server knows
   * @param end called with a reason when nothing more can come over the connection
   */
  CommandPipeline(
      OpenConnection open,
      RedisSettings settings,
      LinkHealth health,
      Collection<String> known,
      Consumer<String> end) {
    this.open = open;
    this.cluster = settings.cluster();
    this.replicas = settings.replicas();
    this.timeout = settings.timeout();
    this.health = health;
    this.known = new HashSet<>(known);
    this.end = end;
  }

  /** The connection. */
  OpenConnection connection() {
    return open;
  }

  /** Sends a command. */
  void send(PendingCommand command, long now) {
    command.sent(now, timeout.toNanos());
    lastSent = now;
    sent.add(command);
    transmit(command, isKnown(command) ? command.request() : command.evaluation());
  }

  /** Whether the server knows the script; assumes so from then on, because the text is sent now. */
  private boolean isKnown(PendingCommand command) {
    RedisScript script = command.script();
    if (script == null || known.contains(script.sha1())) {
      return true;
    }
    // On a cluster, each node must see the text: the keys of one tag are on one node.
    return !known.add(cluster ? script.sha1() + '@' + command.tag() : script.sha1());
  }

  private void transmit(PendingCommand command, Request request) {
    open.connection()
        .send(request)
        .onComplete(reply -> succeeded(command, reply), failure -> failed(command, failure));
  }

  private void succeeded(PendingCommand command, @Nullable Response reply) {
    if (!command.isAnswered()) {
      if (command.script() != null) {
        health.worked();
      }
      command.answer(reply);
      answered(command);
    }
  }

  private void failed(PendingCommand command, Throwable failure) {
    if (command.isAnswered()) {
      return;
    }
    if (isUnknownScript(command, failure)) {
      transmit(command, command.evaluation());
      return;
    }
    RedisFailure kind = RedisFailure.of(failure);
    health.failed(kind);
    command.fail(
        kind == RedisFailure.ERROR
            ? new IllegalStateException(command.name() + ": " + failure.getMessage())
            : kind.refusal());
    answered(command);
    if (kind.endsConnection()) {
      end.accept(kind == RedisFailure.CLOSED ? RedisLink.LOST : kind.words());
    }
  }

  private static boolean isUnknownScript(PendingCommand command, Throwable failure) {
    return command.script() != null
        && !command.isEvaluated()
        && String.valueOf(failure.getMessage()).startsWith("NOSCRIPT");
  }

  private void answered(PendingCommand command) {
    while (!sent.isEmpty() && sent.getFirst().isAnswered()) {
      sent.removeFirst();
    }
    if (replicas == 0 || !command.isConfirmed()) {
      command.complete();
    } else {
      unconfirmed.add(command);
      confirm();
    }
  }

  private void confirm() {
    if (confirming || unconfirmed.isEmpty()) {
      return;
    }
    confirming = true;
    // Commands behind it wait, too, and should not become overdue.
    Duration most = timeout.dividedBy(2);
    Request request = Request.cmd(Command.WAIT).arg(replicas).arg(most.toMillis());
    PendingCommand wait = PendingCommand.withoutEffect(request, most.toNanos());
    send(wait, System.nanoTime());
    wait.result()
        .onComplete(
            reached -> confirmed(reached.toInteger() >= replicas), failure -> confirmed(false));
  }

  private void confirmed(boolean replicated) {
    confirming = false;
    List<PendingCommand> covered = unconfirmed;
    unconfirmed = new ArrayList<>();
    if (!replicated) {
      covered.forEach(command -> refuse(command, RedisFailure.REPLICAS));
    }
    covered.forEach(PendingCommand::complete);
  }

  private void refuse(PendingCommand command, RedisFailure kind) {
    health.failed(kind);
    command.fail(kind.refusal());
  }

  /** Whether nothing is under way, and nothing was sent for that time. */
  boolean isIdle(long now, long nanos) {
    return sent.isEmpty() && now - lastSent >= nanos;
  }

  /** Whether the oldest command should have been answered. */
  boolean isOverdue(long now) {
    PendingCommand oldest = sent.peekFirst();
    return oldest != null && oldest.isOverdue(now);
  }

  /** Fails everything that is under way, after the connection. */
  Future<Void> abandon(RedisFailure kind) {
    List<PendingCommand> all = new ArrayList<>(unconfirmed);
    all.addAll(sent);
    unconfirmed = new ArrayList<>();
    sent.clear();
    all.forEach(command -> refuse(command, kind));
    all.forEach(PendingCommand::complete);
    return open.close();
  }
}
