package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which devices there are; one that is made again is another one, though it has the same id. */
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

  /** Whether it is not there, or was not at some time since all was at rest. */
  boolean wasAbsent(String device) {
    return absentOfLate.contains(device);
  }

  /** A command is made for the device that is there now. */
  void made(Command command) {
    madeFor.put(command.id(), generations.getOrDefault(command.device(), 0));
  }

  /** Whether it was made for a device that is there no more, though another may have its id. */
  boolean isOfFormer(Command command) {
    Integer generation = madeFor.get(command.id());
    return generation != null
        && (!has(command.device())
            || !Objects.equals(generation, generations.get(command.device())));
  }

  /** Nothing is under way any more. */
  void settle() {
    absentOfLate.removeAll(present);
  }
}
