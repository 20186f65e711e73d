package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Devices with unfinished commands, merged from all partitions.
 *
 * <p>Threading: any thread; futures complete on the link's event loop.
 */
final class CommandDevices {
  /** Entries of an index that are read at once. */
  private static final int SCANNED = 500;

  private final RedisLink link;
  private final CommandKeys keys;

  CommandDevices(RedisLink link, CommandKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /** A device with its first deadline. */
  private record Due(String device, double at) {}

  Future<List<String>> due(long now, int limit) {
    List<Request> reads =
        keys.keys().all().mapToObj(partition -> due(keys.due(partition), now, limit)).toList();
    return link.sendAll(reads)
        .map(
            all ->
                all.stream()
                    .flatMap(CommandDevices::dues)
                    .sorted(Comparator.comparingDouble(Due::at))
                    .limit(limit)
                    .map(Due::device)
                    .toList());
  }

  private static Request due(String index, long now, int limit) {
    return Request.cmd(Command.ZRANGE)
        .arg(index)
        .arg("-inf")
        .arg(now)
        .arg("BYSCORE")
        .arg("LIMIT")
        .arg(0)
        .arg(limit)
        .arg("WITHSCORES");
  }

  private static Stream<Due> dues(Response found) {
    return found.stream().map(pair -> new Due(pair.get(0).toString(), pair.get(1).toDouble()));
  }

  Future<List<String>> awaitingAnswer(String after, int limit) {
    return limit == 0
        ? Future.succeededFuture(List.of())
        : awaiting(after, limit, new ArrayList<>());
  }

  /** Adds devices after that one to those found; all partitions are read from the same device. */
  private Future<List<String>> awaiting(String after, int limit, List<String> found) {
    int most = limit - found.size() + 1;
    List<Request> reads =
        keys.keys().all().mapToObj(partition -> sent(keys.sent(partition), after, most)).toList();
    return link.sendAll(reads)
        .compose(
            all -> {
              Sent sent = Sent.of(all, most);
              sent.devices().stream().limit(limit - found.size()).forEach(found::add);
              return sent.isAll() || found.size() == limit
                  ? Future.succeededFuture(found)
                  : awaiting(sent.devices().getLast(), limit, found);
            });
  }

  /**
   * Devices with sent commands, by id.
   *
   * @param isAll whether there are no more
   */
  private record Sent(List<String> devices, boolean isAll) {
    /** Merges the partitions up to the first device after which one of them has more. */
    static Sent of(List<Response> partitions, int most) {
      TreeSet<String> devices = new TreeSet<>();
      TreeSet<String> ends = new TreeSet<>();
      for (Response partition : partitions) {
        partition.forEach(entry -> devices.add(device(entry)));
        if (partition.size() == most) {
          ends.add(device(partition.get(most - 1)));
        }
      }
      return ends.isEmpty()
          ? new Sent(List.copyOf(devices), true)
          : new Sent(List.copyOf(devices.headSet(ends.first(), true)), false);
    }

    private static String device(Response entry) {
      String text = entry.toString();
      return text.substring(0, text.indexOf(' '));
    }
  }

  /** Entries are {@code DEVICE CID}; the exclamation mark follows the space. */
  private static Request sent(String index, String after, int most) {
    return Request.cmd(Command.ZRANGE)
        .arg(index)
        .arg(after.isEmpty() ? "-" : "[" + after + "!")
        .arg("+")
        .arg("BYLEX")
        .arg("LIMIT")
        .arg(0)
        .arg(most);
  }

  Future<List<String>> orphaned(int limit) {
    return orphaned(0, "0", limit, new ArrayList<>());
  }

  private Future<List<String>> orphaned(
      int partition, String cursor, int limit, List<String> found) {
    if (partition == keys.keys().partitions() || found.size() >= limit) {
      return Future.succeededFuture(List.copyOf(found.subList(0, Math.min(limit, found.size()))));
    }
    Request scan =
        Request.cmd(Command.ZSCAN).arg(keys.due(partition)).arg(cursor).arg("COUNT").arg(SCANNED);
    return link.send(scan)
        .compose(
            page ->
                unregistered(devices(page.get(1)))
                    .compose(
                        some -> {
                          some.stream().filter(one -> !found.contains(one)).forEach(found::add);
                          String next = page.get(0).toString();
                          return next.equals("0")
                              ? orphaned(partition + 1, "0", limit, found)
                              : orphaned(partition, next, limit, found);
                        }));
  }

  /** The members of a result of ZSCAN, which has a score after each. */
  private static List<String> devices(Response members) {
    List<String> devices = new ArrayList<>(members.size() / 2);
    for (int i = 0; i < members.size(); i += 2) {
      devices.add(members.get(i).toString());
    }
    return devices;
  }

  private Future<List<String>> unregistered(List<String> devices) {
    List<Request> reads =
        devices.stream()
            .map(device -> Request.cmd(Command.EXISTS).arg(keys.device(device)))
            .toList();
    return link.sendAll(reads)
        .map(
            exist -> {
              List<String> gone = new ArrayList<>();
              for (int i = 0; i < devices.size(); i++) {
                if (exist.get(i).toInteger() == 0) {
                  gone.add(devices.get(i));
                }
              }
              return gone;
            });
  }
}
