package io.signalbox.hub.store.redis;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a hub checks in Redis before it starts: that the version is sufficient, that Redis is set up
 * to keep data, and which number of partitions the system has. Stateless.
 */
public final class RedisChecks {
  private static final Logger LOG = LoggerFactory.getLogger(RedisChecks.class);
  private static final int LEAST_VERSION = 7;
  private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)(\\.\\S*)?");
  private static final Pattern MODE = Pattern.compile("redis_mode:(\\w+)");

  private RedisChecks() {}

  /**
   * Checks; fails with an {@link IllegalStateException} if the hub cannot work with this Redis. Has
   * one line in the log for each setting of Redis that endangers data.
   *
   * @return the names of the keys, with the number of partitions of this system
   */
  public static Future<RedisKeys> run(RedisLink link, RedisSettings settings) {
    return link.send(Request.cmd(Command.INFO).arg("server"))
        .compose(info -> version(info.toString(), settings))
        .compose(usable -> configuration(link))
        .compose(checked -> partitions(link, settings));
  }

  private static Future<Void> version(String info, RedisSettings settings) {
    Matcher version = VERSION.matcher(info);
    if (version.find() && Integer.parseInt(version.group(1)) < LEAST_VERSION) {
      String found = version.group().substring(version.group().indexOf(':') + 1);
      return refuse("Redis has version %s; 7.0 or later is needed".formatted(found));
    }
    Matcher mode = MODE.matcher(info);
    boolean cluster = mode.find() && mode.group(1).equals("cluster");
    return cluster && !settings.cluster()
        ? refuse("this Redis is a node of a cluster; set redis.cluster")
        : Future.succeededFuture();
  }

  private static Future<Void> refuse(String reason) {
    return Future.failedFuture(new IllegalStateException(reason));
  }

  private static Future<Void> configuration(RedisLink link) {
    Request ask = Request.cmd(Command.CONFIG).arg("GET").arg("maxmemory-policy").arg("appendonly");
    return link.send(ask)
        .map(RedisChecks::warn)
        .recover(
            failure -> {
              if (failure instanceof Refusal) {
                return Future.failedFuture(failure);
              }
              LOG.info(
                  "Redis does not permit CONFIG GET; check that maxmemory-policy is noeviction, and"
                      + " that appendonly is yes");
              return Future.succeededFuture();
            })
        .mapEmpty();
  }

  private static @Nullable Void warn(Response configuration) {
    String policy = value(configuration, "maxmemory-policy");
    if (policy != null && !policy.equals("noeviction")) {
      LOG.warn(
          "Redis has maxmemory-policy {}: it deletes data when its memory is full; set noeviction",
          policy);
    }
    if ("no".equals(value(configuration, "appendonly"))) {
      LOG.warn(
          "Redis has appendonly no: if it stops, everything since its last snapshot is lost; set"
              + " appendonly yes");
    }
    return null;
  }

  private static @Nullable String value(Response configuration, String name) {
    Response value = configuration.containsKey(name) ? configuration.get(name) : null;
    return value == null ? null : value.toString();
  }

  private static Future<RedisKeys> partitions(RedisLink link, RedisSettings settings) {
    RedisKeys wanted = new RedisKeys(settings.prefix(), settings.partitions());
    Request fix =
        Request.cmd(Command.SET)
            .arg(wanted.global("partitions"))
            .arg(wanted.partitions())
            .arg("NX")
            .arg("GET");
    return link.send(fix).map(stored -> stored == null ? wanted : stored(stored, wanted));
  }

  private static RedisKeys stored(Response stored, RedisKeys wanted) {
    RedisKeys keys = new RedisKeys(wanted.prefix(), stored.toInteger());
    if (!keys.equals(wanted)) {
      LOG.warn(
          "redis.partitions is {}, but this system was created with {}, which is used",
          wanted.partitions(),
          keys.partitions());
    }
    return keys;
  }
}
