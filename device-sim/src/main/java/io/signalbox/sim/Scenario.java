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

/** Scenario of a run: its devices and the source of their readings. */
sealed interface Scenario {

  /** The device ids. */
  List<String> devices();

  /** The model of the {@code index}-th device. */
  DeviceModel model(int index, RandomGenerator random);

  /** The source of a device's messages. */
  SampleSource source(DeviceModel model, RandomGenerator random);

  /** Remark to print before the run; may be empty. */
  default Optional<String> remark() {
    return Optional.empty();
  }

  /**
   * A fleet of simulated models.
   *
   * @param rate messages per second and device
   * @param batch samples in a message
   * @param metrics number of channels to send, from the first
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
    public DeviceModel model(int index, RandomGenerator random) {
      return kind.model(index, random);
    }

    @Override
    public SampleSource source(DeviceModel model, RandomGenerator random) {
      return new Sampler(model, rate, batch, metrics, random.nextDouble());
    }
  }

  /**
   * A recording replayed by one device.
   *
   * @param speed 1 for the original speed, infinity for as fast as the hub acknowledges
   * @param batch maximum samples per message
   */
  record Replay(String device, Recording recording, double speed, int batch) implements Scenario {

    @Override
    public List<String> devices() {
      return List.of(device);
    }

    @Override
    public DeviceModel model(int index, RandomGenerator random) {
      return new PassiveModel();
    }

    @Override
    public SampleSource source(DeviceModel model, RandomGenerator random) {
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
                  + " rows are skipped: a later row has the same millisecond; first at line "
                  + recording.firstReplaced()
                  + " (a time given twice, a repeated hour of daylight saving, or times below a"
                  + " millisecond)");
    }
  }
}
