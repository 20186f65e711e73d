package io.signalbox.hub.job;

import io.signalbox.hub.command.NewCommand;
import io.signalbox.hub.job.NewJob.Whom;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Selector;
import io.signalbox.hub.model.Job.Stop;
import io.signalbox.hub.model.Job.Tally;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A new job that has been found well formed.
 *
 * @param request what was asked; JSON compact, devices once each
 * @param token null if it came without a key
 */
record Draft(NewJob request, JobStore.@Nullable Token token) {
  /** Checks a request; refuses {@code INVALID} or {@code TOO_LARGE} with the field at fault. */
  static Draft of(NewJob request, long now) {
    NewCommand command = request.command().checked(now);
    Whom whom = checked(request.whom());
    checkAtOnce(request.atOnce());
    checkStop(request.stop());
    NewJob sound = new NewJob(command, whom, request.atOnce(), request.stop());
    String key = command.idempotencyKey();
    return new Draft(sound, key == null ? null : new JobStore.Token(key, fingerprint(sound)));
  }

  /** The job as it is made, for so many devices. */
  Job job(String id, int devices, long now, String by) {
    NewCommand command = request.command();
    Json metadata = command.metadata();
    Selector selector = request.whom() instanceof Whom.Found found ? found.selector() : null;
    Job.Order order =
        new Job.Order(
            command.name(),
            command.params().toString(),
            command.ttl(),
            command.notBefore(),
            command.collapse(),
            metadata == null ? null : metadata.toString(),
            selector,
            request.atOnce(),
            request.stop());
    return new Job(
        id, order, now, by, Job.State.RUNNING, null, null, devices, Tally.waiting(devices), 1);
  }

  private static Whom checked(Whom whom) {
    return switch (whom) {
      case Whom.Named named -> new Whom.Named(once(named.devices()));
      case Whom.Found found -> checkSelector(found);
    };
  }

  private static List<String> once(List<String> devices) {
    Set<String> once = new LinkedHashSet<>(devices);
    if (once.isEmpty()) {
      throw invalid("devices", "must not be empty");
    }
    if (once.size() > NewJob.MOST_DEVICES) {
      throw tooMany("devices", once.size());
    }
    int at = 0;
    for (String device : devices) {
      if (!Device.isId(device)) {
        throw invalid("devices[" + at + "]", "must be [A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
      }
      at++;
    }
    return List.copyOf(once);
  }

  private static Whom checkSelector(Whom.Found found) {
    Selector selector = found.selector();
    if (selector.labels().isEmpty() && selector.type() == null) {
      throw invalid(
          "labels", "must not be empty: a command to every device is not sent by omission");
    }
    return found;
  }

  static Refusal tooMany(String field, long devices) {
    return new Refusal(
        Kind.TOO_LARGE,
        field,
        "%s: %d devices, at most %d in one job".formatted(field, devices, NewJob.MOST_DEVICES));
  }

  private static void checkAtOnce(@Nullable Integer atOnce) {
    if (atOnce != null && (atOnce < 1 || atOnce > NewJob.MOST_DEVICES)) {
      throw invalid("atOnce", "must be from 1 to " + NewJob.MOST_DEVICES);
    }
  }

  private static void checkStop(@Nullable Stop stop) {
    if (stop == null) {
      return;
    }
    if (!(stop.failureShare() > 0 && stop.failureShare() <= 1)) {
      throw invalid("stop.failureShare", "must be a number above 0 and at most 1");
    }
    if (stop.after() < 1 || stop.after() > NewJob.MOST_DEVICES) {
      throw invalid("stop.after", "must be from 1 to " + NewJob.MOST_DEVICES);
    }
  }

  private static String fingerprint(NewJob job) {
    NewCommand command = job.command();
    MessageDigest digest = sha256();
    digest(digest, command.name());
    digest(digest, command.params().toString());
    digest(digest, command.ttl());
    digest(digest, command.notBefore());
    digest(digest, command.collapse());
    digest(digest, command.metadata());
    digest(digest, job.atOnce());
    digest(digest, job.stop());
    switch (job.whom()) {
      case Whom.Named named -> named.devices().forEach(device -> digest(digest, device));
      case Whom.Found found -> digest(digest, inOrder(found.selector()));
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private static Selector inOrder(Selector selector) {
    return new Selector(selector.type(), new TreeMap<>(selector.labels()));
  }

  /** With its length in front, so that two texts are not taken for two others. */
  private static void digest(MessageDigest digest, @Nullable Object part) {
    byte[] text = String.valueOf(part).getBytes(StandardCharsets.UTF_8);
    digest.update((text.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(text);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  private static Refusal invalid(String field, String what) {
    return new Refusal(Kind.INVALID, field, field + " " + what);
  }
}
