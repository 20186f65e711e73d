package io.signalbox.hub.cluster;

import io.signalbox.hub.feed.EntryId;
import io.signalbox.hub.store.redis.EventCodec;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commands that read the streams, and their replies. Streams are read by groups: on one Redis all
 * are one group, which is read in one step; on Redis Cluster each is a group, because one command
 * cannot name keys of several hash tags.
 *
 * <p>Threading: any thread.
 */
final class StreamReader {
  /** Most entries of a stream in one read. */
  static final int MOST = 64;

  private static final Duration BLOCK = Duration.ofSeconds(1);

  private static final RedisScript START = RedisScript.of(StreamReader.class, "start.lua");
  private static final RedisScript READ = RedisScript.of(StreamReader.class, "read.lua");
  private static final RedisScript RENEW = RedisScript.of(StreamReader.class, "renew.lua");

  /** What is missing in streams between the entry that was read last and the next ones. */
  enum Loss {
    NOTHING,
    /** Entries were trimmed before they were read. */
    TRIMMED,
    /** The streams do not have what was read: their end was lost, or all. */
    BEHIND
  }

  /**
   * An entry as it was read.
   *
   * @param node that has written it
   * @param events encoded
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Raw(EntryId id, String node, byte[] events) {}

  /**
   * What was read of one group.
   *
   * @param millis time of the server
   * @param entries by stream, in order; streams without entries are missing
   * @param epoch of the feed, or the empty text; null if the group has not the global stream
   */
  record Found(long millis, Loss loss, Map<Integer, List<Raw>> entries, @Nullable String epoch) {}

  /**
   * What a group has.
   *
   * @param millis time of the server
   * @param complete no entry of this millisecond or later was trimmed
   * @param last the last entry of each stream
   */
  record Extent(long millis, long complete, List<EntryId> last) {}

  private final EventStreams streams;
  private final List<String> keys;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final RedisLink link;

  StreamReader(EventStreams streams, RedisLink link) {
    this.streams = streams;
    this.keys = streams.all();
    this.link = link;
    for (String key : keys) {
      numbers.put(key, numbers.size());
    }
  }

  /** Number of streams. */
  int count() {
    return keys.size();
  }

  /** Whether this node has written an entry. */
  boolean isOwn(Raw entry) {
    return entry.node().equals(streams.node());
  }

  /** The events of an entry. */
  EventCodec.Decoded decode(Raw entry) {
    return streams.decode(entry.events());
  }

  private List<String> keys(List<Integer> group) {
    return group.stream().map(keys::get).toList();
  }

  /** Stores a fresh epoch if there is none or still the known one; the result is the stored one. */
  Future<String> renewed(String known, String fresh) {
    return link.run(RENEW, List.of(streams.epoch()), known, fresh).map(Response::toString);
  }

  /** What the streams of a group have. */
  Future<Extent> extent(List<Integer> group) {
    return link.run(START, keys(group)).map(reply -> extent(group, reply));
  }

  private static Extent extent(List<Integer> group, Response reply) {
    long complete = 0;
    List<EntryId> last = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      Response stream = reply.get(i + 2);
      last.add(id(group.get(i), stream.get(2).toString()));
      if (stream.get(1).toInteger() == 1) {
        complete = Math.max(complete, id(group.get(i), stream.get(0).toString()).millis() + 1);
      }
    }
    return new Extent(millis(reply), complete, last);
  }

  /** The last entry of a stream before a millisecond; that of a stream without one is 0-0. */
  Future<EntryId> lastBefore(int stream, long millis) {
    if (millis == 0) {
      return Future.succeededFuture(new EntryId(0, stream, 0));
    }
    Request request =
        Request.cmd(Command.XREVRANGE)
            .arg(keys.get(stream))
            .arg("(" + millis + "-0")
            .arg("-")
            .arg("COUNT")
            .arg(1);
    return link.send(request)
        .map(
            reply ->
                reply == null || reply.size() == 0
                    ? new EntryId(0, stream, 0)
                    : id(stream, reply.get(0).get(0).toString()));
  }

  /**
   * Reads on.
   *
   * @param after the last entry of each stream of the group
   * @param all whether to look for losses in streams without new entries as well
   */
  Future<Found> read(List<Integer> group, List<EntryId> after, boolean all) {
    List<Object> args = new ArrayList<>();
    args.add(MOST);
    args.add(all ? "1" : "0");
    after.forEach(id -> args.add(text(id)));
    List<String> named = new ArrayList<>(keys(group));
    boolean isGlobal = group.contains(keys.size() - 1);
    if (isGlobal) {
      named.add(streams.epoch());
    }
    return link.run(READ, named, args.toArray()).map(reply -> found(reply, isGlobal));
  }

  private Found found(Response reply, boolean isGlobal) {
    Map<Integer, List<Raw>> entries = new HashMap<>();
    for (Response stream : reply.get(3)) {
      Integer number = numbers.get(stream.get(0).toString());
      if (number != null) {
        List<Raw> read = new ArrayList<>();
        stream.get(1).forEach(entry -> read.add(raw(number, entry)));
        entries.put(number, read);
      }
    }
    Loss loss = Loss.values()[reply.get(2).toInteger()];
    return new Found(millis(reply), loss, entries, isGlobal ? reply.get(4).toString() : null);
  }

  private static Raw raw(int stream, Response entry) {
    String node = "";
    byte[] events = new byte[0];
    Response fields = entry.get(1);
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      switch (fields.get(i).toString()) {
        case "n" -> node = fields.get(i + 1).toString(StandardCharsets.UTF_8);
        case "e" -> events = fields.get(i + 1).toBytes();
        default -> {} // of a newer version
      }
    }
    return new Raw(id(stream, entry.get(0).toString()), node, events);
  }

  /**
   * Waits on a connection until a stream of the group has an entry after these, or for a second.
   */
  Future<Boolean> await(RedisLink waiting, List<Integer> group, List<EntryId> after) {
    Request request =
        Request.cmd(Command.XREAD)
            .arg("COUNT")
            .arg(1)
            .arg("BLOCK")
            .arg(BLOCK.toMillis())
            .arg("STREAMS");
    keys(group).forEach(request::arg);
    after.forEach(id -> request.arg(text(id)));
    return waiting.sendBlocking(request, BLOCK).map(reply -> reply != null);
  }

  private static long millis(Response reply) {
    return reply.get(0).toLong() * 1_000 + reply.get(1).toLong() / 1_000;
  }

  private static EntryId id(int stream, String text) {
    int dash = text.indexOf('-');
    return new EntryId(
        Long.parseLong(text, 0, dash, 10),
        stream,
        Long.parseLong(text, dash + 1, text.length(), 10));
  }

  private static String text(EntryId id) {
    return id.millis() + "-" + id.sequence();
  }
}
