package io.signalbox.hub.store.redis.command;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/** Registers and deletes devices as far as commands are concerned. */
final class QueueDevices {
  private final RedisLink link;
  private final RedisKeys keys;

  QueueDevices(RedisLink link, RedisKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  void register(String device) {
    Response floor = get(Request.cmd(Command.GET).arg(floor(device)));
    get(
        Request.cmd(Command.HSET)
            .arg(keys.of(device, "device"))
            .arg("r")
            .arg(floor == null ? 0 : floor.toLong()));
  }

  void delete(String device) {
    long revision = get(Request.cmd(Command.HGET).arg(keys.of(device, "device")).arg("r")).toLong();
    Response floor = get(Request.cmd(Command.GET).arg(floor(device)));
    long least = floor == null ? 0 : floor.toLong();
    get(Request.cmd(Command.SET).arg(floor(device)).arg(Math.max(least, revision) + 1));
    get(
        Request.cmd(Command.DEL)
            .arg(keys.of(device, "device"))
            .arg(keys.of(device, "commands"))
            .arg(keys.of(device, "idempotency"))
            .arg(keys.of(device, "idempotency-times")));
  }

  private String floor(String device) {
    return keys.in(keys.partitionOf(device), "revisions");
  }

  private Response get(Request request) {
    return answer(link.send(request));
  }
}
