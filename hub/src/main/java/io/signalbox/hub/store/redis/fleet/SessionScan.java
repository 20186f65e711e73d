package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scan over sessions, which ends those that are online on a node, or takes them over: partition by
 * partition, page by page of an ordered index. A page is one atomic step, and one page is read at a
 * time, so that other commands are not held up.
 *
 * <p>Threading: {@link #run} once, on any thread; then the link's event loop.
 */
final class SessionScan {
  /** Number of sessions in a page, which takes Redis less than a millisecond. */
  static final int PAGE = 250;

  private static final RedisScript END = RedisScript.of(SessionScan.class, "end-sessions.lua");
  private static final RedisScript TAKE_OVER =
      RedisScript.of(SessionScan.class, "take-over-sessions.lua");

  private final RedisLink link;
  private final RedisKeys keys;
  private final Range range;
  private final RedisScript script;
  private final List<Object> arguments;
  private final Promise<Map<String, StoredSession>> done = Promise.promise();
  private final Map<String, StoredSession> sessions = new HashMap<>();
  private int partition;
  private String from;

  private SessionScan(
      RedisLink link, RedisKeys keys, Range range, RedisScript script, List<Object> arguments) {
    this.link = link;
    this.keys = keys;
    this.range = range;
    this.script = script;
    this.arguments = arguments;
    this.from = range.from();
  }

  /** A scan over all sessions, which ends those that are online on a node. */
  static SessionScan ending(
      RedisLink link, RedisKeys keys, String node, long since, SessionEnd end) {
    return new SessionScan(link, keys, Range.ofDevices(), END, List.of(node, since, end.text()));
  }

  /** A scan over the present sessions of a lost node, which gives its pollers to another. */
  static SessionScan takingOver(
      RedisLink link, RedisKeys keys, String lost, String by, long since, SessionEnd end) {
    return new SessionScan(
        link, keys, Range.presentOn(lost), TAKE_OVER, List.of(lost, since, end.text(), by));
  }

  /**
   * Members of a sorted set of each partition, in the order of their bytes.
   *
   * @param kind of the sorted sets
   * @param from first limit of {@code ZRANGE BYLEX}
   * @param to last limit
   * @param prefix of the members, before the device's id
   */
  record Range(String kind, String from, String to, String prefix) {
    /** All devices. */
    static Range ofDevices() {
      return new Range("devices", "-", "+", "");
    }

    /** The devices whose present session a node holds; no name of a node has a blank. */
    static Range presentOn(String node) {
      return new Range("present", "[" + node + " ", "(" + node + "!", node + " ");
    }
  }

  /** The sessions of the devices after the scan, by device; those without are left out. */
  Future<Map<String, StoredSession>> run() {
    readPage();
    return done.future();
  }

  private void readPage() {
    if (partition == keys.partitions()) {
      done.complete(sessions);
      return;
    }
    Request members =
        Request.cmd(Command.ZRANGE)
            .arg(keys.in(partition, range.kind()))
            .arg(from)
            .arg(range.to())
            .arg("BYLEX")
            .arg("LIMIT")
            .arg(0)
            .arg(PAGE);
    link.send(members).compose(this::endPage).onComplete(page -> readPage(), done::fail);
  }

  private Future<Void> endPage(Response members) {
    List<String> devices = new ArrayList<>(members.size());
    members.forEach(member -> devices.add(member.toString().substring(range.prefix().length())));
    if (devices.size() < PAGE) {
      advance(partition + 1, range.from());
    } else {
      advance(partition, "(" + range.prefix() + devices.getLast());
    }
    return devices.isEmpty() ? Future.succeededFuture() : end(devices);
  }

  private void advance(int nextPartition, String nextFrom) {
    partition = nextPartition;
    from = nextFrom;
  }

  private Future<Void> end(List<String> devices) {
    List<String> names = new ArrayList<>();
    names.add(keys.in(keys.partitionOf(devices.getFirst()), "present"));
    devices.forEach(device -> names.add(keys.of(device, "session")));
    List<Object> all = new ArrayList<>(arguments);
    all.addAll(devices);
    return link.run(script, names, all.toArray()).map(found -> add(devices, found)).mapEmpty();
  }

  private int add(List<String> devices, Response found) {
    for (int i = 0; i < devices.size(); i++) {
      String device = devices.get(i);
      SessionHash.parse(found.get(i)).ifPresent(session -> sessions.put(device, session));
    }
    return devices.size();
  }
}
