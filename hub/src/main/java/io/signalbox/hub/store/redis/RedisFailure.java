package io.signalbox.hub.store.redis;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import org.jspecify.annotations.Nullable;

/**
 * Why a command failed. All but {@link #ERROR} mean that Redis cannot work now: the caller gets
 * {@code UNAVAILABLE} and may ask again.
 */
public enum RedisFailure {
  /** There was no connection, so the command was not sent. */
  AWAY(null, "there is no connection"),
  /** The connection ended before the answer: the command may have been executed, or not. */
  CLOSED("CONNECTION_CLOSED", "the connection ended before the answer"),
  /** No answer in time, so the connection was closed: as with {@link #CLOSED}. */
  TIMEOUT(null, "it did not answer in time"),
  /** Too many commands are under way; the command was not sent. */
  OVERLOAD(null, "too many commands are under way"),
  /** The memory is used up. */
  MEMORY("OOM", "its memory is full (maxmemory)"),
  /** Redis cannot write its file, and therefore refuses writes. */
  DISK("MISCONF", "it cannot save its data to disk"),
  /** The server is a replica now. */
  READ_ONLY("READONLY", "the server is a replica, which refuses writes"),
  /** The server reads its file. */
  LOADING("LOADING", "it loads its data"),
  /** A replica has lost its master. */
  MASTER_DOWN("MASTERDOWN", "its master is down"),
  /** Fewer replicas than {@code min-replicas-to-write}, or than {@code redis.durability} asks. */
  REPLICAS("NOREPLICAS", "too few replicas are connected"),
  /** Not all slots of the cluster are served. */
  CLUSTER_DOWN("CLUSTERDOWN", "its cluster is down"),
  /** The keys move to another node of the cluster. */
  MOVING("TRYAGAIN", "the keys move to another node of its cluster"),
  /** A script runs for longer than Redis allows. */
  BUSY("BUSY", "it is busy with a script"),
  /** An error in a command or a script: a fault of the program. */
  ERROR(null, "");

  /** A failure of the client that has no code: what it begins with. */
  private static final String QUEUE_FULL = "Redis waiting queue is full";

  private static final String INVALID = "Command is not valid";
  private static final String SEVERAL_SLOTS = "Keys of command or batch";

  private final @Nullable String code;
  private final String words;

  RedisFailure(@Nullable String code, String words) {
    this.code = code;
    this.words = words;
  }

  /** The kind of a failure of the client: an error reply, or a connection that cannot be used. */
  static RedisFailure of(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    for (RedisFailure kind : values()) {
      if (kind.code != null && text.startsWith(kind.code)) {
        return kind;
      }
    }
    if (text.startsWith(QUEUE_FULL)) {
      return OVERLOAD;
    }
    boolean reply =
        failure instanceof Response response
            && response.type() == ResponseType.ERROR
            && !text.startsWith("ILLEGAL_STATE");
    return reply || text.startsWith(INVALID) || text.startsWith(SEVERAL_SLOTS) ? ERROR : CLOSED;
  }

  /** Whether nothing more can come over the connection. */
  boolean endsConnection() {
    return this == CLOSED || this == READ_ONLY;
  }

  /** Whether it tells something of the server, which lasts for longer than one command. */
  boolean isTroubleOfServer() {
    return code != null && this != CLOSED;
  }

  /** What is wrong, as part of a sentence whose subject is Redis. */
  String words() {
    return words;
  }

  /** The refusal of a command. */
  Refusal refusal() {
    return new Refusal(ErrorCode.UNAVAILABLE, "Redis cannot be used now: " + words);
  }
}
