package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Registered devices; one registered again counts as another device with the same id. */
final class RegisteredDevices {
  private final Set<String> present = new HashSet<>();
  private final Set<String> absentOfLate = new HashSet<>();
  private final Map<String, Integer> generations = new HashMap<>();
  private final Map<String, Integer> madeFor = new HashMap<>();

  void add(String device) {
    present.add(device);
    generations.merge(device, 1, Integer::sum);
  }

  void remove(String device) {
    present.remove(device);
    absentOfLate.add(device);
  }

  boolean has(String device) {
    return present.contains(device);
  }

  /** Whether it is missing, or was at some time since the last rest. */
  boolean wasAbsent(String device) {
    return absentOfLate.contains(device);
  }

  /** A command is made for the device that is there now. */
  void made(Command command) {
    madeFor.put(command.id(), generations.getOrDefault(command.device(), 0));
  }

  /** Whether it was created for a device that is deleted, even if another has its id. */
  boolean isOfFormer(Command command) {
    Integer generation = madeFor.get(command.id());
    return generation != null
        && (!has(command.device())
            || !Objects.equals(generation, generations.get(command.device())));
  }

  /** No operation is in progress any more. */
  void settle() {
    absentOfLate.removeAll(present);
  }
}
