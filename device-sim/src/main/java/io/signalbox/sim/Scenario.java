package io.signalbox.sim;

import io.signalbox.sim.model.DeviceModel;
import io.signalbox.sim.model.ModelKind;
import io.signalbox.sim.model.PassiveModel;
import io.signalbox.sim.model.Playback;
import io.signalbox.sim.model.Recording;
import io.signalbox.sim.model.SampleSource;
import io.signalbox.sim.model.Sampler;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** What a run plays: who the devices are and where their readings come from. */
sealed interface Scenario {

  /** The devices' ids, in their order. */
  List<String> devices();

  /** The machine of the {@code index}-th device. */
  DeviceModel machine(int index, RandomGenerator random);

  /** What the machine's device sends. */
  SampleSource source(DeviceModel machine, RandomGenerator random);

  /** What should be known of it before it is played; empty if nothing. */
  default Optional<String> remark() {
    return Optional.empty();
  }

  /**
   * A fleet of machines that live now.
   *
   * @param rate messages a second for each device
   * @param batch samples in a message
   * @param metrics how many channels are sent, from the first
   */
  record Live(int size, String prefix, ModelKind kind, double rate, int batch, int metrics)
      implements Scenario {

    @Override
    public List<String> devices() {
      return IntStream.rangeClosed(1, size)
          .mapToObj(n -> String.format(Locale.ROOT, "%s%04d", prefix, n))
          .toList();
    }

    @Override
    public DeviceModel machine(int index, RandomGenerator random) {
      return kind.machine(index, random);
    }

    @Override
    public SampleSource source(DeviceModel machine, RandomGenerator random) {
      return new Sampler(machine, rate, batch, metrics, random.nextDouble());
    }
  }

  /**
   * A recording, played into one device.
   *
   * @param speed 1 for as it was made, infinity for as fast as the hub acknowledges
   * @param batch most instants in a message
   */
  record Replay(String device, Recording recording, double speed, int batch) implements Scenario {

    @Override
    public List<String> devices() {
      return List.of(device);
    }

    @Override
    public DeviceModel machine(int index, RandomGenerator random) {
      return new PassiveModel();
    }

    @Override
    public SampleSource source(DeviceModel machine, RandomGenerator random) {
      return new Playback(recording, speed, batch);
    }

    @Override
    public Optional<String> remark() {
      return recording.replaced() == 0
          ? Optional.empty()
          : Optional.of(
              recording.replaced()
                  + " of the recording's "
                  + recording.rows()
                  + " rows are left out: a later row has the same millisecond, the first at line "
                  + recording.firstReplaced()
                  + " (a time given twice, a repeated hour of daylight saving, or times below a"
                  + " millisecond)");
    }
  }
}
