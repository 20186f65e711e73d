package io.signalbox.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of the command line that plays a recording. */
final class ReplayOptions {

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Play this recording with its own timestamps, then end.")
  @Nullable Path file;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      split = ",",
      description = "Column to send, as a metric of its name; several by commas or repetition.")
  List<String> columns = new ArrayList<>();

  @Option(
      names = "--time-column",
      paramLabel = "NAME",
      description = "Column with the times, UTC (default: the first that holds one).")
  @Nullable String timeColumn;

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      description = "Between cells (default: what the header uses).")
  @Nullable String separator;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description =
          "1 as it was made, 60 or 60x sixty times as fast, max as fast as the hub acknowledges"
              + " (default: max).")
  @Nullable String speed;

  @Option(
      names = "--device",
      paramLabel = "ID",
      description = "Device to play it into (default: the file's name).")
  @Nullable String device;

  /** The first option that makes sense only with {@code --replay} and was given; else empty. */
  String strayOption() {
    return !columns.isEmpty()
        ? "--column"
        : timeColumn != null
            ? "--time-column"
            : separator != null ? "--separator" : speed != null ? "--speed" : strayDevice();
  }

  private String strayDevice() {
    return device != null ? "--device" : "";
  }
}
