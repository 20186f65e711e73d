package io.signalbox.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Command line options for the replay of a recording. */
final class ReplayOptions {

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Replay this CSV file with its own timestamps, then exit.")
  @Nullable Path file;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      split = ",",
      description = "Column to send as a metric; separate several by commas or repeat the option.")
  List<String> columns = new ArrayList<>();

  @Option(
      names = "--time-column",
      paramLabel = "NAME",
      description = "Column with the timestamps, UTC (default: the first one that contains any).")
  @Nullable String timeColumn;

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      description = "Cell separator (default: detected in the header).")
  @Nullable String separator;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description =
          "Replay speed: 1: as recorded; 60 or 60x: sixty times as fast; max: as fast as the hub"
              + " acknowledges (default: max).")
  @Nullable String speed;

  @Option(
      names = "--device",
      paramLabel = "ID",
      description = "Device id (default: the file name).")
  @Nullable String device;

  /** The first given option that requires {@code --replay}; else empty. */
  String strayOption() {
    return !columns.isEmpty()
        ? "--column"
        : timeColumn != null
            ? "--time-column"
            : separator != null ? "--separator" : speed != null ? "--speed" : stray();
  }

  private String stray() {
    return device != null ? "--device" : "";
  }
}
