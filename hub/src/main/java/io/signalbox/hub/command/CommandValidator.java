package io.signalbox.hub.command;

import io.signalbox.hub.command.CommandRequest.Validated;
import io.signalbox.hub.devicetype.DeviceType.CommandType;
import io.signalbox.hub.devicetype.TypeRules;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validation of commands before anything is queued: the request itself, then its parameters by what
 * is known of the device, whose defaults it also takes. Commands that are queued already are not
 * touched when a type changes.
 *
 * <p>Threading: any thread. While no type is defined, and when the type is cached, the futures are
 * complete.
 */
public final class CommandValidator {
  private final @Nullable TypedDevices types;

  /** Validation by these types; null for none. */
  public CommandValidator(@Nullable TypedDevices types) {
    this.types = types;
  }

  /**
   * Validates a request for a device and adds the defaults of the device. {@code INVALID}, {@code
   * TOO_LARGE}, {@code INVALID_PARAMS} with every fault.
   *
   * @param now Unix milliseconds
   */
  Future<Validated> validate(String device, CommandRequest request, long now) {
    try {
      Validated sound = request.validated(now);
      return types == null || types.isEmpty()
          ? Future.succeededFuture(sound)
          : types
              .rulesOf(device)
              .map(
                  rules ->
                      rules.map(known -> checked(sound, request.params(), known)).orElse(sound));
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  /** A repeated request gets the first command, even if the type has changed since. */
  private static Validated checked(Validated sound, Json params, TypeRules rules) {
    try {
      return fitted(sound, params, rules);
    } catch (Refusal misfit) {
      if (sound.idempotencyKey() == null) {
        throw misfit;
      }
      return sound.refused(misfit);
    }
  }

  private static Validated fitted(Validated sound, Json params, TypeRules rules) {
    rules.checkParams(sound.name(), params);
    CommandType type = rules.command(sound.name());
    return type == null ? sound : sound.withDefaults(type);
  }

  /**
   * The same for a command of a job, which was validated when the job was made: what is known of
   * the device now counts.
   */
  Future<Validated> validate(String device, Validated command) {
    return types == null || types.isEmpty()
        ? Future.succeededFuture(command)
        : types
            .rulesOf(device)
            .map(
                rules ->
                    rules.map(known -> fitted(command, params(command), known)).orElse(command));
  }

  /**
   * Checks the parameters of a request for devices of several types, each of which they must fit.
   * {@code INVALID_PARAMS} with every fault.
   *
   * @param names names of the types, empty for devices without one
   */
  public Future<Void> check(Set<Optional<String>> names, CommandRequest request) {
    TypedDevices known = types;
    if (known == null) {
      return Future.succeededFuture();
    }
    List<String> named = names.stream().flatMap(Optional::stream).toList();
    return known
        .rulesOfTypes(named)
        .map(
            all -> {
              all.forEach(rules -> rules.checkParams(request.name(), request.params()));
              return null;
            });
  }

  /** Whether no type is defined, so that every command with a sound request is valid. */
  public boolean isIdle() {
    return types == null || types.isEmpty();
  }

  private static Json params(Validated command) {
    return Json.stored("params of command " + command.name(), command.params());
  }
}
