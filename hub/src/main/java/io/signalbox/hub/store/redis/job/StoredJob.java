package io.signalbox.hub.store.redis.job;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.FailureThreshold;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Job.Selector;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is stored. Its head is a hash with a field for each property; the counts by state are
 * fields of the parts, and of the head after the job has ended. Names of states are those of the
 * protocol.
 *
 * @param headVersion version of the head; that of an unfinished job is greater by the changes of
 *     its parts
 * @param partitions of its parts, ascending
 */
record StoredJob(Job job, long headVersion, List<Integer> partitions) {
  /** Field of a part with the number of its changes, as in {@code execution.lua}. */
  private static final String CHANGES = "v";

  /** The protocol's name of a constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The fields of the head of a new job, each followed by its value.
   *
   * @param key its idempotency key; null for none
   */
  static List<String> head(Job job, List<Integer> partitions, @Nullable String key) {
    JobSpec spec = job.spec();
    Selector selector = spec.selector();
    FailureThreshold abort = spec.abort();
    List<String> fields = new ArrayList<>();
    put(fields, "name", spec.name());
    put(fields, "params", spec.params());
    put(fields, "ttl", spec.ttl() == null ? null : spec.ttl().toMillis());
    put(fields, "notBefore", spec.notBefore());
    put(fields, "collapse", spec.collapse());
    put(fields, "metadata", spec.metadata());
    put(fields, "type", selector == null ? null : selector.type());
    put(fields, "labels", selector == null ? null : Json.of(selector.labels()));
    put(fields, "maxConcurrent", spec.maxConcurrent());
    put(fields, "failureRate", abort == null ? null : abort.failureRate());
    put(fields, "minFinished", abort == null ? null : abort.minFinished());
    put(fields, "created", job.created());
    put(fields, "by", job.by());
    put(fields, "total", job.total());
    put(fields, "state", word(job.state()));
    put(fields, "version", job.version());
    put(fields, "key", key);
    put(
        fields,
        "partitions",
        partitions.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    return fields;
  }

  private static void put(List<String> fields, String field, @Nullable Object value) {
    if (value != null) {
      fields.add(field);
      fields.add(value.toString());
    }
  }

  /** The partitions of a job's parts. */
  static List<Integer> partitions(Response head) {
    return Stream.of(text(head, "partitions").split(" ")).map(Integer::valueOf).toList();
  }

  /** Whether the head has the final counts. */
  static boolean hasEnded(Response head) {
    return head.get("ended") != null;
  }

  /**
   * The job with that head.
   *
   * @param parts the hashes of its parts; of an ended job the head itself
   */
  static StoredJob of(String id, Response head, List<Response> parts) {
    long version = number(head, "version");
    Job job =
        new Job(
            id,
            spec(head),
            number(head, "created"),
            text(head, "by"),
            Job.State.valueOf(text(head, "state").toUpperCase(Locale.ROOT)),
            optionalNumber(head, "ended"),
            optional(head, "reason"),
            (int) number(head, "total"),
            counts(parts),
            version + changes(parts));
    return new StoredJob(job, version, partitions(head));
  }

  /** The sum of the counts of several hashes. */
  static Counts counts(List<Response> parts) {
    Map<ExecutionState, Integer> counts = new EnumMap<>(ExecutionState.class);
    for (Response part : parts) {
      for (ExecutionState state : ExecutionState.values()) {
        Response count = part.get(word(state));
        counts.merge(state, count == null ? 0 : count.toInteger(), Integer::sum);
      }
    }
    return new Counts(counts);
  }

  /** The number of changes of several parts. */
  static long changes(List<Response> parts) {
    return parts.stream()
        .map(part -> optionalNumber(part, CHANGES))
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .sum();
  }

  /** The fields with the counts, each followed by its value. */
  static List<String> fields(Counts counts) {
    List<String> fields = new ArrayList<>();
    counts.counts().forEach((state, count) -> put(fields, word(state), count == 0 ? null : count));
    return fields;
  }

  private static JobSpec spec(Response head) {
    Long ttl = optionalNumber(head, "ttl");
    Long maxConcurrent = optionalNumber(head, "maxConcurrent");
    return new JobSpec(
        text(head, "name"),
        text(head, "params"),
        ttl == null ? null : Duration.ofMillis(ttl),
        optionalNumber(head, "notBefore"),
        optional(head, "collapse"),
        optional(head, "metadata"),
        selector(head),
        maxConcurrent == null ? null : (Integer) maxConcurrent.intValue(),
        abort(head));
  }

  private static @Nullable Selector selector(Response head) {
    String labels = optional(head, "labels");
    return labels == null
        ? null
        : new Selector(optional(head, "type"), Json.storedStrings("Field labels of a job", labels));
  }

  private static @Nullable FailureThreshold abort(Response head) {
    Long minFinished = optionalNumber(head, "minFinished");
    return minFinished == null
        ? null
        : new FailureThreshold(
            Double.parseDouble(text(head, "failureRate")), minFinished.intValue());
  }

  private static String text(Response hash, String field) {
    return hash.get(field).toString();
  }

  private static long number(Response hash, String field) {
    return Long.parseLong(text(hash, field));
  }

  private static @Nullable String optional(Response hash, String field) {
    Response value = hash.get(field);
    return value == null ? null : value.toString();
  }

  private static @Nullable Long optionalNumber(Response hash, String field) {
    Response value = hash.get(field);
    return value == null ? null : (Long) Long.parseLong(value.toString());
  }
}
