package io.signalbox.hub.store.redis;

import io.signalbox.hub.bus.Contexts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * The connection of this node to Redis. Commands are pipelined on one connection, so Redis executes
 * them in the order of the calls, and the futures complete in that order.
 *
 * <p>Threading: any thread may call; futures complete on the link's event loop.
 */
public final class RedisLink {
  private static final int MAX_WAITING = 100_000;

  private final Context context;
  private final Redis client;
  private final RedisConnection connection;

  private RedisLink(Context context, Redis client, RedisConnection connection) {
    this.context = context;
    this.client = client;
    this.connection = connection;
  }

  /** Connects. */
  public static Future<RedisLink> open(Vertx vertx, String url) {
    RedisOptions options =
        new RedisOptions().setConnectionString(url).setMaxWaitingHandlers(MAX_WAITING);
    Redis client = Redis.createClient(vertx, options);
    Context context = vertx.getOrCreateContext();
    Promise<RedisLink> opened = Promise.promise();
    context.runOnContext(
        turn ->
            client
                .connect()
                .map(connection -> new RedisLink(context, client, connection))
                .onComplete(opened));
    return opened.future();
  }

  /** Sends a command; the result is null for a nil reply. */
  public Future<Response> send(Request request) {
    Promise<Response> answer = Promise.promise();
    context.runOnContext(turn -> connection.send(request).onComplete(answer));
    return answer.future();
  }

  /** Sends several commands, in order; fails with the first failure. */
  public Future<List<Response>> sendAll(List<Request> requests) {
    List<Future<Response>> answers = new ArrayList<>(requests.size());
    requests.forEach(request -> answers.add(send(request)));
    return Future.join(answers).map(all -> all.list());
  }

  /**
   * Runs a script.
   *
   * @param keys all of one partition
   * @param args strings, byte arrays or numbers
   */
  public Future<Response> run(RedisScript script, List<String> keys, Object... args) {
    return send(request(Command.EVALSHA, script.sha1(), keys, args))
        .recover(
            failure ->
                String.valueOf(failure.getMessage()).startsWith("NOSCRIPT")
                    ? send(request(Command.EVAL, script.text(), keys, args))
                    : Future.failedFuture(failure));
  }

  private static Request request(Command command, String script, List<String> keys, Object[] args) {
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

  /** Closes the connection. */
  public Future<Void> close() {
    return Contexts.resumeOn(turn -> context.runOnContext(go -> turn.run()), connection.close())
        .eventually(client::close);
  }
}
