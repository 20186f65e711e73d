package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Devices as far as the other stores of the fleet need them, until their own store is there. */
final class PlainDevices {
  private static final RedisScript DELETE =
      RedisScript.of(PlainDevices.class, "delete-plain-device.lua");

  private final RedisLink link;
  private final RedisKeys keys;

  private PlainDevices(RedisLink link, RedisKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  static DeviceStore of(RedisLink link, RedisKeys keys) {
    PlainDevices devices = new PlainDevices(link, keys);
    Class<?>[] port = {DeviceStore.class};
    return (DeviceStore)
        Proxy.newProxyInstance(
            port[0].getClassLoader(), port, (self, method, args) -> devices.call(method, args));
  }

  private Future<?> call(Method method, Object[] args) {
    return switch (method.getName()) {
      case "insert" -> insert((List<?>) args[0]);
      case "update" -> disable((String) args[0]);
      case "delete" -> delete((String) args[0]);
      case "deletionOver" -> Future.succeededFuture();
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }

  private Future<?> insert(List<?> entries) {
    List<Request> requests = new ArrayList<>();
    for (Object entry : entries) {
      Device device = ((DeviceStore.Entry) entry).device();
      String labels = Json.of(device.labels()).toString();
      Request hash = Request.cmd(Command.HSET).arg(keys.of(device.id(), "device"));
      requests.add(hash.arg("e").arg("1").arg("l").arg(labels).arg("c").arg(device.created()));
      String ids = keys.in(keys.partitionOf(device.id()), "devices");
      requests.add(Request.cmd(Command.ZADD).arg(ids).arg(0).arg(device.id()));
    }
    return link.sendAll(requests).map(List.of());
  }

  private Future<?> disable(String id) {
    return link.send(Request.cmd(Command.HSET).arg(keys.of(id, "device")).arg("e").arg("0"));
  }

  private Future<?> delete(String id) {
    int partition = keys.partitionOf(id);
    Stream<String> shared =
        Stream.of("present", "described", "devices").map(kind -> keys.in(partition, kind));
    Stream<String> own =
        Stream.of("session", "description", "device", "twin", "desired-log", "reported-log")
            .map(kind -> keys.of(id, kind));
    List<String> names =
        Stream.of(shared, own, Stream.of(keys.of(id, "units"))).flatMap(part -> part).toList();
    return link.run(DELETE, names, id);
  }
}
