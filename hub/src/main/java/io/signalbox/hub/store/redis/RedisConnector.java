package io.signalbox.hub.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisCluster;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to Redis: to one server, to the master that Sentinels name, or to the nodes of
 * a cluster. Each attempt has a client of its own, so that it knows nothing of an earlier master or
 * of earlier slots, and so that all sockets end with it.
 *
 * <p>Threading: the link's event loop.
 */
final class RedisConnector {
  /** For commands of the link itself. */
  private static final int SPARE_HANDLERS = 1_024;

  private final Vertx vertx;
  private final RedisSettings settings;

  RedisConnector(Vertx vertx, RedisSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  /** A connection that answers, and the client that holds its sockets. */
  record OpenConnection(Redis client, RedisConnection connection) {
    /** Closes all sockets at once, also one whose peer does not answer. */
    Future<Void> close() {
      return client.close();
    }
  }

  /** The server for messages, such as {@code Redis at db:6379}; without passwords. */
  String server() {
    String hosts =
        settings.urls().stream()
            .map(url -> url.replaceFirst("^[a-z]+://([^/]*@)?", "").replaceFirst("[/?].*", ""))
            .collect(Collectors.joining(", "));
    return settings.sentinelMaster() == null
        ? "Redis at " + hosts
        : "Redis " + settings.sentinelMaster() + " of the Sentinels at " + hosts;
  }

  /**
   * Connects, and makes scripts known to Redis.
   *
   * @param most greatest time that it may take
   * @return fails with a message that is a part of a sentence: the reason
   */
  Future<OpenConnection> connect(Collection<RedisScript> scripts, Duration most) {
    Redis client;
    try {
      client = Redis.createClient(vertx, options());
    } catch (IllegalArgumentException invalid) {
      return Future.failedFuture(new IllegalStateException("redis.url is invalid"));
    }
    return client
        .connect()
        .compose(
            connection ->
                check(connection)
                    .compose(checked -> load(connection, scripts))
                    .map(loaded -> new OpenConnection(client, connection)))
        .timeout(most.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              client.close();
              String hint = isSecured() && isTimeout(failure) ? " (does it speak TLS?)" : "";
              return Future.failedFuture(
                  new IllegalStateException(reason(failure) + hint, failure));
            });
  }

  private RedisOptions options() {
    List<String> urls = new ArrayList<>(settings.urls());
    // The client asks the first that answers: another one each time, if one does not know better.
    Collections.shuffle(urls);
    RedisOptions options =
        new RedisOptions()
            .setEndpoints(urls)
            .setUser(settings.user())
            .setPassword(settings.password())
            .setMaxWaitingHandlers(RedisLink.MAX_UNDER_WAY + SPARE_HANDLERS)
            .setNetClientOptions(network());
    if (settings.cluster()) {
      options.setType(RedisClientType.CLUSTER);
    } else if (settings.sentinelMaster() != null) {
      // Its own failover would swap the connection and lose the handlers.
      options
          .setType(RedisClientType.SENTINEL)
          .setMasterName(settings.sentinelMaster())
          .setAutoFailover(false);
    }
    return options;
  }

  private NetClientOptions network() {
    NetClientOptions network =
        new NetClientOptions()
            .setConnectTimeout((int) settings.timeout().toMillis())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true);
    if (isSecured()) {
      network.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
      if (settings.tlsCa() != null) {
        network.setTrustOptions(new PemTrustOptions().addCertPath(settings.tlsCa().toString()));
      }
    }
    return network;
  }

  private boolean isSecured() {
    return settings.urls().stream().allMatch(url -> url.startsWith("rediss:"));
  }

  private Future<Void> check(RedisConnection connection) {
    return settings.cluster() ? checkCluster(connection) : checkServer(connection);
  }

  private Future<Void> checkCluster(RedisConnection connection) {
    return connection
        .send(Request.cmd(Command.CLUSTER).arg("INFO"))
        .compose(
            info ->
                info.toString().contains("cluster_state:ok")
                    ? probe(connection)
                    : refuse(RedisFailure.CLUSTER_DOWN.words()));
  }

  private static Future<Void> checkServer(RedisConnection connection) {
    return connection
        .send(Request.cmd(Command.ROLE))
        .map(RedisConnector::obstacle)
        .otherwise(RedisConnector::notPermitted)
        .compose(obstacle -> obstacle == null ? ping(connection) : refuse(obstacle));
  }

  private static Future<Void> refuse(String reason) {
    return Future.failedFuture(new IllegalStateException(reason));
  }

  private static Future<Void> ping(RedisConnection connection) {
    Future<Response> pong = connection.send(Request.cmd(Command.PING));
    return pong.recover(RedisConnector::refusedPing).mapEmpty();
  }

  /** A server that cannot save its data answers PING with that, and can be read. */
  private static Future<Response> refusedPing(Throwable failure) {
    return RedisFailure.of(failure) == RedisFailure.DISK
        ? Future.succeededFuture()
        : Future.failedFuture(failure);
  }

  private static @Nullable String obstacle(Response role) {
    return switch (role.get(0).toString()) {
      case "slave" -> "the server is a replica, which refuses writes";
      case "sentinel" -> "the server is a Sentinel; set redis.sentinelMaster";
      default -> null;
    };
  }

  /** A user that may not ask for the role may still use the server. */
  private static @Nullable String notPermitted(Throwable failure) {
    return text(failure).startsWith("NOPERM") ? null : reason(failure);
  }

  private Future<Void> load(RedisConnection connection, Collection<RedisScript> scripts) {
    List<Future<?>> loaded = new ArrayList<>();
    RedisCluster nodes = settings.cluster() ? RedisCluster.create(connection) : null;
    for (RedisScript script : scripts) {
      Request load = Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.text());
      loaded.add(nodes == null ? connection.send(load) : nodes.onAllMasterNodes(load));
    }
    return Future.all(loaded).mapEmpty();
  }

  /** Asks for a key of every hash tag; fails if a node that serves one of them is down. */
  Future<Void> probe(RedisConnection connection) {
    RedisKeys keys = new RedisKeys(settings.prefix(), RedisKeys.MAX_PARTITIONS);
    List<Future<Response>> answers =
        Stream.concat(keys.inAll("probe"), Stream.of(keys.global("probe")))
            .map(key -> connection.send(Request.cmd(Command.EXISTS).arg(key)))
            .toList();
    return Future.all(answers).mapEmpty();
  }

  /** What keeps the link from connecting, as part of a sentence. */
  private static String reason(Throwable failure) {
    String text = text(failure);
    if (isTimeout(failure)) {
      return "it did not answer in time";
    }
    if (text.contains("WRONGPASS") || text.contains("invalid username-password")) {
      return "the user name or the password is wrong (WRONGPASS)";
    }
    if (text.contains("NOAUTH")) {
      return "a password is needed (NOAUTH)";
    }
    if (text.contains("Unknown RESP type") || text.contains("ILLEGAL_STATE")) {
      return "what answers there is not a Redis";
    }
    if (text.contains("CONNECTION_CLOSED") || text.contains("Connection reset")) {
      return "the connection was closed while it was made (is it TLS only, or is it not a Redis?)";
    }
    return failure instanceof SSLException ? "TLS failed: " + text : network(failure, text);
  }

  private static boolean isTimeout(Throwable failure) {
    return failure instanceof TimeoutException || text(failure).contains("connection timed out");
  }

  private static String network(Throwable failure, String text) {
    if (failure instanceof UnknownHostException) {
      return "the host name is unknown: " + text;
    }
    if (failure instanceof ConnectException && text.startsWith("Connection refused")) {
      return "connection refused";
    }
    RedisFailure kind = RedisFailure.of(failure);
    return kind.isTroubleOfServer() ? kind.words() : text.replace("\n- ", "; ");
  }

  private static String text(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
