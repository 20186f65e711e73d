package io.signalbox.hub.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of a link: sent, answered by Redis, completed. Built on any thread; the link's event
 * loop does the rest.
 */
final class PendingCommand {
  private final String name;
  private final Request request;
  private final @Nullable ScriptCall call;
  private final long blockNanos;
  private final boolean confirmed;
  private final Promise<Response> promise = Promise.promise();
  private long deadline;
  private boolean evaluated;
  private boolean answered;
  private @Nullable Response reply;
  private @Nullable RuntimeException failure;

  /** A call of a script, from which both forms of the command can be made. */
  private record ScriptCall(RedisScript script, List<String> keys, List<Object> args) {}

  private PendingCommand(
      String name, Request request, @Nullable ScriptCall call, long blockNanos, boolean confirmed) {
    this.name = name;
    this.request = request;
    this.call = call;
    this.blockNanos = blockNanos;
    this.confirmed = confirmed;
  }

  /** A command. */
  static PendingCommand of(Request request) {
    return new PendingCommand(request.command().toString(), request, null, 0, true);
  }

  /**
   * A command that stores nothing, so its answer does not wait for replicas.
   *
   * @param blockNanos for how long Redis may hold it beyond the time of other commands
   */
  static PendingCommand withoutEffect(Request request, long blockNanos) {
    return new PendingCommand(request.command().toString(), request, null, blockNanos, false);
  }

  /** A call of a script. */
  static PendingCommand of(RedisScript script, List<String> keys, List<Object> args) {
    Request request = request(Command.EVALSHA, script.sha1(), keys, args);
    return new PendingCommand(script.name(), request, new ScriptCall(script, keys, args), 0, true);
  }

  private static Request request(
      Command command, String script, List<String> keys, List<Object> args) {
    Request request = Request.cmd(command).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    for (Object arg : args) {
      switch (arg) {
        case byte[] bytes -> request.arg(bytes);
        case Number number -> request.arg(number.longValue());
        default -> request.arg(arg.toString());
      }
    }
    return request;
  }

  /** For error messages: the name of the script or of the command. */
  String name() {
    return name;
  }

  /** The result; null for a nil reply. */
  Future<Response> result() {
    return promise.future();
  }

  /** The script; null for another command. */
  @Nullable RedisScript script() {
    return call == null ? null : call.script();
  }

  /** The hash tag of the keys of a script; empty without keys. */
  String tag() {
    if (call == null || call.keys().isEmpty()) {
      return "";
    }
    String key = call.keys().getFirst();
    int from = key.indexOf('{') + 1;
    return key.substring(from, Math.max(from, key.indexOf('}', from)));
  }

  /** The request: of a script its hash, by which Redis knows it. */
  Request request() {
    return request;
  }

  /** The request with the text of the script, for a server that does not know it. */
  Request evaluation() {
    if (call == null) {
      throw new IllegalStateException(name + " is no script");
    }
    evaluated = true;
    return request(Command.EVAL, call.script().text(), call.keys(), call.args());
  }

  /** Whether the text of the script was sent. */
  boolean isEvaluated() {
    return evaluated;
  }

  /** Whether the answer waits for replicas, if writes do. */
  boolean isConfirmed() {
    return confirmed;
  }

  /** Begins the time in which the answer must come. */
  void sent(long now, long timeoutNanos) {
    deadline = now + timeoutNanos + blockNanos;
  }

  /** Whether the answer should have come. */
  boolean isOverdue(long now) {
    return now - deadline > 0;
  }

  /** Whether Redis has answered, or will not. */
  boolean isAnswered() {
    return answered;
  }

  /** Keeps the answer for {@link #complete}. */
  void answer(@Nullable Response answer) {
    answered = true;
    reply = answer;
  }

  /** Keeps a failure for {@link #complete}; the first one counts. */
  void fail(RuntimeException reason) {
    answered = true;
    failure = failure == null ? reason : failure;
  }

  /** Completes the result. */
  void complete() {
    if (failure == null) {
      promise.tryComplete(reply);
    } else {
      promise.tryFail(failure);
    }
  }
}
