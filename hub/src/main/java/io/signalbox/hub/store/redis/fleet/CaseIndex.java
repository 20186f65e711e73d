package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Index of the ids with upper-case letters, by their lower case: the sorted set {@code cases} in
 * the partition of the lower case has the members {@code LOWER ID}. An id without such letters
 * needs no entry. The index is written after the devices, so it may lack an id or have one of a
 * deleted device, which a look-up leaves out; it serves warnings only.
 *
 * <p>Threading: any thread.
 */
final class CaseIndex {
  /** Ids that are read for a look-up: one may be the id itself, others may be deleted. */
  private static final int CANDIDATES = 8;

  private final RedisLink link;
  private final RedisKeys keys;

  CaseIndex(RedisLink link, RedisKeys keys) {
    this.link = link;
    this.keys = keys;
  }

  /** Adds the ids that need an entry. */
  Future<Void> add(Collection<String> ids) {
    return link.sendAll(
            ids.stream()
                .filter(id -> !lower(id).equals(id))
                .map(id -> entries(Command.ZADD, id).arg(0).arg(member(id)))
                .toList())
        .mapEmpty();
  }

  /** Removes the entry of an id. */
  Future<Void> remove(String id) {
    return lower(id).equals(id)
        ? Future.succeededFuture()
        : link.send(entries(Command.ZREM, id).arg(member(id))).mapEmpty();
  }

  private static String lower(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  private static String member(String id) {
    return lower(id) + ' ' + id;
  }

  private Request entries(Command command, String id) {
    return Request.cmd(command).arg(keys.in(keys.partitionOf(lower(id)), "cases"));
  }

  /** The given ids that differ from another device's id only in case, each with one such id. */
  Future<Map<String, String>> others(List<String> ids) {
    List<String> asked = List.copyOf(new LinkedHashSet<>(ids));
    return link.sendAll(asked.stream().map(this::candidates).toList())
        .compose(
            found -> {
              List<List<String>> candidates = new ArrayList<>();
              for (int i = 0; i < asked.size(); i++) {
                candidates.add(candidates(asked.get(i), found.get(i)));
              }
              return registered(candidates.stream().flatMap(List::stream).distinct().toList())
                  .map(registered -> others(asked, candidates, registered));
            });
  }

  /** No character of an id sorts before a blank's successor. */
  private Request candidates(String id) {
    return entries(Command.ZRANGE, id)
        .arg("[" + lower(id) + ' ')
        .arg("(" + lower(id) + '!')
        .arg("BYLEX")
        .arg("LIMIT")
        .arg(0)
        .arg(CANDIDATES);
  }

  private static List<String> candidates(String id, Response found) {
    String lower = lower(id);
    List<String> candidates = new ArrayList<>();
    found.forEach(member -> candidates.add(member.toString().substring(lower.length() + 1)));
    candidates.add(lower);
    candidates.remove(id);
    return candidates;
  }

  private Future<Set<String>> registered(List<String> ids) {
    return link.sendAll(
            ids.stream().map(id -> Request.cmd(Command.EXISTS).arg(keys.of(id, "device"))).toList())
        .map(
            found -> {
              Set<String> registered = new LinkedHashSet<>();
              for (int i = 0; i < ids.size(); i++) {
                if (found.get(i).toInteger() == 1) {
                  registered.add(ids.get(i));
                }
              }
              return registered;
            });
  }

  private static Map<String, String> others(
      List<String> asked, List<List<String>> candidates, Set<String> registered) {
    Map<String, String> others = new HashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      String id = asked.get(i);
      candidates.get(i).stream()
          .filter(registered::contains)
          .findFirst()
          .ifPresent(other -> others.put(id, other));
    }
    return others;
  }
}
