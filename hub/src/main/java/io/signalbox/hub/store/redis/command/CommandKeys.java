package io.signalbox.hub.store.redis.command;

import io.signalbox.hub.command.UuidV7Generator;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.store.redis.JobParts;
import io.signalbox.hub.store.redis.RedisKeys;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Keys of commands, all in the partition of the device. A place is a number that grows with each
 * new command of a partition: microseconds by the clock of Redis.
 *
 * <ul>
 *   <li>{@code command:CID}: string, a command; see {@link CommandText}
 *   <li>{@code commands:D}: sorted set, commands of a registered device by place
 *   <li>{@code queue:D}: sorted set, unfinished commands by the time at which they expire
 *   <li>{@code idempotency:D}: hash, for each key {@code CREATED CID FINGERPRINT}
 *   <li>{@code idempotency-times:D}: sorted set, these keys by {@code CREATED}
 *   <li>{@code device:D}: hash of the device; field {@code r} is the revision of the queue
 *   <li>{@code commands-in:STATE}: sorted set, commands by place
 *   <li>{@code due}: sorted set, devices by the first time at which a command expires
 *   <li>{@code sent}: sorted set, {@code DEVICE CID} of commands in state {@code SENT}
 *   <li>{@code ended}: sorted set, commands by the time of their end
 *   <li>{@code sequence}: string, the last place
 *   <li>{@code job-commands:JID}: sorted set, commands of a job by place
 *   <li>{@code job-devices:JID}: set, devices with a command of a job that has no part
 *   <li>{@code deadlines}, which is global, {@code moved} and {@code moving}: see {@link
 *       DeadlineMoves}
 * </ul>
 *
 * <p>The deletion of a device deletes {@code device}, {@code commands}, {@code idempotency} and
 * {@code idempotency-times}. Immutable; safe on any thread.
 */
record CommandKeys(RedisKeys keys, JobParts parts) {
  CommandKeys(RedisKeys keys) {
    this(keys, new JobParts(keys));
  }

  /** The protocol's name of a constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The partitions that may have a command: one if its id tells. */
  IntStream partitionsOf(String command) {
    OptionalInt bucket = UuidV7Generator.bucketOf(command);
    return bucket.isPresent()
        ? IntStream.of(bucket.getAsInt() & (keys.partitions() - 1))
        : keys.all();
  }

  String command(int partition, String id) {
    return keys.in(partition, "command") + ':' + id;
  }

  String device(String device) {
    return keys.of(device, "device");
  }

  String queue(String device) {
    return keys.of(device, "queue");
  }

  String list(String device) {
    return keys.of(device, "commands");
  }

  String idempotency(String device) {
    return keys.of(device, "idempotency");
  }

  String idempotencyTimes(String device) {
    return keys.of(device, "idempotency-times");
  }

  String in(int partition, State state) {
    return keys.in(partition, "commands-in") + ':' + word(state);
  }

  String due(int partition) {
    return keys.in(partition, "due");
  }

  String sent(int partition) {
    return keys.in(partition, "sent");
  }

  String ended(int partition) {
    return keys.in(partition, "ended");
  }

  String sequence(int partition) {
    return keys.in(partition, "sequence");
  }

  String jobCommands(int partition, String job) {
    return keys.in(partition, "job-commands") + ':' + job;
  }

  String jobDevices(int partition, String job) {
    return keys.in(partition, "job-devices") + ':' + job;
  }
}
