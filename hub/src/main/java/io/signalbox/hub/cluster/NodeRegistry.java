package io.signalbox.hub.cluster;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.clock.MonotonicClock;
import io.signalbox.hub.model.Ownership;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisScript;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registry of the nodes that share a Redis. A node beats every second by the clock of Redis; its
 * beat says which partitions it owns. A node that has not beaten for {@value #SILENCE_MS} ms is
 * lost: one of the others takes over what it held. When it returns it finds its generation over,
 * gives up everything and joins anew.
 *
 * <p>While Redis is away nobody is lost: only a node that could beat itself for all that time
 * judges the silence of others. A node owns its partitions until shortly before the others may take
 * it for lost, so that two nodes own a partition at the same time only if a clock or a process
 * stands still between a check and its use.
 *
 * <p>Threading: {@link #ownership} and {@link #nodes} on any thread; the rest on the registry's
 * context.
 */
public final class NodeRegistry {
  /** Time without a beat after which a node is lost. */
  public static final long SILENCE_MS = 3_000;

  private static final Logger LOG = LoggerFactory.getLogger(NodeRegistry.class);
  private static final long BEAT_MS = 1_000;
  private static final long JOIN_RETRY_MS = 500;

  /** A node stops owning this long before the others may take its partitions. */
  private static final long MARGIN_MS = 500;

  private static final RedisScript JOIN = RedisScript.of(NodeRegistry.class, "join.lua");
  private static final RedisScript BEAT = RedisScript.of(NodeRegistry.class, "beat.lua");
  private static final RedisScript LEAVE = RedisScript.of(NodeRegistry.class, "leave.lua");
  private static final RedisScript SETTLE = RedisScript.of(NodeRegistry.class, "settle.lua");

  private final Context context;
  private final RedisLink link;
  private final RedisKeys keys;
  private final String node;
  private final MonotonicClock clock;
  private final Supplier<String> info;
  private final Set<String> takingOver = new HashSet<>();
  private volatile PartitionLease lease = PartitionLease.NONE;
  private volatile List<ClusterNode> nodes = List.of();
  private @Nullable NodeEvents events;
  private long generation;
  private long beatingSince;
  private long lastBeat;
  private boolean beating;
  private boolean fenced;
  private long timer = -1;

  /**
   * A registry that has not joined.
   *
   * @param node name of this node
   * @param info what this node says of itself, a JSON object; asked at each beat
   */
  public NodeRegistry(
      Vertx vertx,
      RedisLink link,
      RedisKeys keys,
      String node,
      MonotonicClock clock,
      Supplier<String> info) {
    this.context = vertx.getOrCreateContext();
    this.link = link;
    this.keys = keys;
    this.node = node;
    this.clock = clock;
    this.info = info;
  }

  /** What this node owns, at each moment. */
  public Ownership ownership() {
    return new Ownership(this::owns);
  }

  private boolean owns(int bucket) {
    return lease.has(bucket & keys.partitions() - 1, clock.monotonicMillis());
  }

  /** Number of partitions that this node owns. */
  public int partitions() {
    return lease.size(clock.monotonicMillis());
  }

  /** The nodes at the last beat. */
  public List<ClusterNode> nodes() {
    return nodes;
  }

  /**
   * Joins the cluster and starts to beat. If this node was killed a moment ago, its name is free
   * only after {@value #SILENCE_MS} ms: waits for that. {@code CONFLICT} if another node has the
   * name.
   */
  public Future<Void> join(NodeEvents told) {
    events = told;
    return Contexts.resumeOn(context, Future.succeededFuture())
        .compose(here -> join(clock.monotonicMillis() + SILENCE_MS + BEAT_MS))
        .compose(joined -> beat())
        .onSuccess(beaten -> timer = context.owner().setPeriodic(BEAT_MS, tick -> tick()));
  }

  private Future<Void> join(long deadline) {
    return run(JOIN, List.of(key("nodes"), key("generations")), node, SILENCE_MS, info.get())
        .compose(answer -> joined(answer, deadline));
  }

  private Future<Void> joined(Response answer, long deadline) {
    long now = clock.monotonicMillis();
    generation = answer.get(0).toLong();
    if (generation != 0) {
      beatingSince = now;
      lastBeat = now;
      return Future.succeededFuture();
    }
    if (now > deadline) {
      return Future.failedFuture(
          new Refusal(
              ErrorCode.CONFLICT,
              "node",
              "another hub of this Redis has the name %s: set --node".formatted(node)));
    }
    return context
        .owner()
        .timer(JOIN_RETRY_MS, TimeUnit.MILLISECONDS)
        .compose(later -> join(deadline));
  }

  private void tick() {
    if (beating) {
      return;
    }
    beating = true;
    (fenced ? joinAnew() : beat())
        .onFailure(failure -> LOG.debug("No beat, will be retried", failure))
        .onComplete(done -> beating = false);
  }

  private Future<Void> beat() {
    long sent = clock.monotonicMillis();
    if (sent - lastBeat > 2 * BEAT_MS) {
      beatingSince = sent;
    }
    int judges = sent - beatingSince > SILENCE_MS ? 1 : 0;
    return run(
            BEAT,
            List.of(key("nodes"), key("leases"), key("lost")),
            node,
            generation,
            info.get(),
            keys.partitions(),
            SILENCE_MS,
            judges)
        .compose(answer -> beaten(answer, sent));
  }

  private Future<Void> beaten(Response answer, long sent) {
    if (answer.get(0).toInteger() == 0) {
      return fence();
    }
    lastBeat = sent;
    BitSet owned = new BitSet();
    answer.get(2).forEach(partition -> owned.set(partition.toInteger()));
    nodes = ClusterNode.parseAll(answer.get(3));
    lease = new PartitionLease(owned, sent + SILENCE_MS - MARGIN_MS);
    answer.get(4).forEach(name -> takeOver(name.toString()));
    return Future.succeededFuture();
  }

  private void takeOver(String name) {
    if (!takingOver.add(name)) {
      return;
    }
    LOG.warn("Node {} has not answered for {} ms: taking over what it held", name, SILENCE_MS);
    Contexts.resumeOn(context, told().lost(name))
        .compose(taken -> run(SETTLE, List.of(key("lost")), name, node, generation))
        .onSuccess(settled -> LOG.info("Node {} is taken over", name))
        .onFailure(
            failure -> LOG.warn("Node {} not taken over yet: {}", name, failure.getMessage()))
        .onComplete(done -> takingOver.remove(name));
  }

  private Future<Void> fence() {
    fenced = true;
    lease = PartitionLease.NONE;
    LOG.warn(
        "This node was taken for lost, after a pause of more than {} ms: it joins anew",
        SILENCE_MS);
    return Contexts.resumeOn(context, told().fenced()).compose(left -> joinAnew());
  }

  private Future<Void> joinAnew() {
    return join(Long.MAX_VALUE)
        .compose(
            joined -> {
              fenced = false;
              return beat();
            });
  }

  private NodeEvents told() {
    return Objects.requireNonNull(events);
  }

  /** Stops beating and leaves: nobody takes this node for lost, and its partitions are free. */
  public Future<Void> leave() {
    return Contexts.resumeOn(context, Future.succeededFuture())
        .compose(
            here -> {
              context.owner().cancelTimer(timer);
              lease = PartitionLease.NONE;
              return run(
                  LEAVE, List.of(key("nodes"), key("leases")), node, generation, keys.partitions());
            })
        .mapEmpty();
  }

  private Future<Response> run(RedisScript script, List<String> names, Object... args) {
    return Contexts.resumeOn(context, link.run(script, names, args));
  }

  private String key(String kind) {
    return keys.global(kind);
  }
}
