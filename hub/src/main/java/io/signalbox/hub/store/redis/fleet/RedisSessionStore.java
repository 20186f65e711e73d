package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.SessionStore;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Store of sessions in Redis. {@code session:DEVICE} is the present or last session of a device,
 * see {@link SessionHash}. Each partition has a counter {@code epochs}, which no deletion resets,
 * and a sorted set {@code present} with a member {@code NODE DEVICE} for each session that is not
 * offline: the sessions of a node that died are found without the others.
 *
 * <p>A recovery is not one step but one for each page of devices. That does no harm, because each
 * page ends only sessions that the node holds at that moment.
 *
 * <p>Threading: any thread.
 */
public final class RedisSessionStore implements SessionStore {
  /** Number of pollers that one script stores. */
  private static final int BATCH = 100;

  private static final RedisScript CLAIM = RedisScript.of(RedisSessionStore.class, "claim.lua");
  private static final RedisScript SAVE =
      RedisScript.of(RedisSessionStore.class, "save-sessions.lua");

  private final RedisLink link;
  private final RedisKeys keys;

  /** A store on this connection. */
  public RedisSessionStore(RedisLink link, RedisKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  @Override
  public Future<Claim> claim(
      String device, String node, Transport transport, String address, long since) {
    return claim(device, node, transport, address, since, "any");
  }

  @Override
  public Future<Claim> claimIfAbsent(
      String device, String node, Transport transport, String address, long since) {
    return claim(device, node, transport, address, since, "absent");
  }

  /** A claim over any session, or only if it is absent. */
  private Future<Claim> claim(
      String device, String node, Transport transport, String address, long since, String over) {
    int partition = keys.partitionOf(device);
    List<String> names =
        List.of(
            keys.of(device, "device"),
            keys.of(device, "session"),
            keys.in(partition, "epochs"),
            keys.in(partition, "present"));
    String by = SessionHash.lower(transport);
    return link.run(
            CLAIM, names, device, node, by, address, since, partition, keys.partitions(), over)
        .map(answer -> claimed(device, answer));
  }

  private static Claim claimed(String device, Response answer) {
    return switch (answer.get(0).toString()) {
      case "unknown" -> throw FleetRefusals.unknown(device);
      case "disabled" -> throw FleetRefusals.disabled(device);
      default -> new Claim(answer.get(1).toLong(), SessionHash.parse(answer.get(2)).orElse(null));
    };
  }

  @Override
  public Future<Boolean> release(String device, Presence ended) {
    List<String> names = List.of(present(device), keys.of(device, "session"));
    return link.run(SAVE, names, SessionHash.arguments(device, ended, 0).toArray())
        .map(outcomes -> isSaved(device, outcomes.get(0).toString()));
  }

  private static boolean isSaved(String device, String outcome) {
    if (outcome.equals("unknown")) {
      throw FleetRefusals.unknown(device);
    }
    return outcome.equals("saved");
  }

  @Override
  public Future<Void> savePollers(Map<String, StoredSession> pollers) {
    Map<Integer, Batch> open = new HashMap<>();
    List<Batch> batches = new ArrayList<>();
    pollers.forEach(
        (device, poller) -> {
          int partition = keys.partitionOf(device);
          Batch batch = open.get(partition);
          if (batch == null || batch.size() == BATCH) {
            batch = new Batch(present(device));
            open.put(partition, batch);
            batches.add(batch);
          }
          batch.add(keys.of(device, "session"), device, poller);
        });
    return Future.join(batches.stream().map(batch -> batch.save(link)).toList()).mapEmpty();
  }

  private String present(String device) {
    return keys.in(keys.partitionOf(device), "present");
  }

  @Override
  public Future<Map<String, StoredSession>> recover(String node, long since, SessionEnd end) {
    return SessionScan.ending(link, keys, node, since, end).run();
  }

  @Override
  public Future<Map<String, StoredSession>> takeOver(
      String lost, String by, long since, SessionEnd end) {
    return SessionScan.takingOver(link, keys, lost, by, since, end).run();
  }

  /** Sessions of one partition that one script stores. Confined to a call. */
  private static final class Batch {
    private final List<String> names = new ArrayList<>();
    private final List<Object> arguments = new ArrayList<>();

    Batch(String present) {
      names.add(present);
    }

    int size() {
      return names.size() - 1;
    }

    void add(String session, String device, StoredSession poller) {
      names.add(session);
      arguments.addAll(SessionHash.arguments(device, poller.presence(), poller.contact()));
    }

    Future<Response> save(RedisLink link) {
      return link.run(SAVE, names, arguments.toArray());
    }
  }
}
