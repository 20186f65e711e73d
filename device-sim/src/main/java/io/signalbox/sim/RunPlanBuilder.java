package io.signalbox.sim;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.command.CommandLoadPlan;
import io.signalbox.sim.device.CommandBehaviour;
import io.signalbox.sim.device.DeviceProfile;
import io.signalbox.sim.fault.CommandFaults;
import io.signalbox.sim.fault.Delay;
import io.signalbox.sim.fault.LinkFaults;
import io.signalbox.sim.fault.Probability;
import io.signalbox.sim.model.Recording;
import io.signalbox.sim.model.RecordingFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the run plan from the command line. */
final class RunPlanBuilder {
  private static final int REPLAY_BATCH = 500;
  private static final int REPLAY_WINDOW = 32;
  private static final int LIVE_WINDOW = 1000;
  private static final int LIVE_DEVICES = 10;
  private static final int MOST_DEVICES = 1_000_000;
  private static final int USUAL_TTL_SECONDS = 60;
  private static final int MOST_TTL_SECONDS = 3600;

  /** Well below the hub's limit of 10,000 readings per message. */
  private static final int MOST_READINGS_IN_A_MESSAGE = 4000;

  private static final Duration FOREVER = Duration.ofDays(36_500);
  private static final Duration UNTIL_VERIFIED = Duration.ofSeconds(30);
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  private final SimOptions options;
  private final ReplayOptions replay;
  private final Map<String, String> environment;

  RunPlanBuilder(SimOptions options, Map<String, String> environment) {
    this.options = options;
    this.replay = options.replay;
    this.environment = environment;
  }

  /** The plan. Throws {@link OptionException} or a {@code RecordingException}. */
  RunPlan plan() {
    Scenario scenario = replay.file == null ? live() : recorded(replay.file);
    int usualWindow = replay.file == null ? LIVE_WINDOW : REPLAY_WINDOW;
    boolean drop = options.whenFull == SimOptions.WhenFull.DROP;
    LinkOptionsParser link = new LinkOptionsParser(options.link);
    int window = count("--window", options.window, usualWindow, 1_000_000);
    DeviceProfile profile =
        new DeviceProfile(window, drop, faults(), commandBehaviour(), link.preferences());
    RunPlan.Links links = new RunPlan.Links(options.encoding, link.pollingOptions());
    return new RunPlan(hub(), apiKey(), scenario, links, profile, commandLoad(), terms());
  }

  private Scenario live() {
    String stray = replay.strayOption();
    if (!stray.isEmpty()) {
      throw new OptionException(stray + " requires --replay FILE");
    }
    int devices = count("--devices", options.devices, LIVE_DEVICES, MOST_DEVICES);
    return new Scenario.Live(
        devices,
        id("--prefix", options.prefix, 56),
        options.model,
        positive("--rate", options.rate),
        count("--batch", options.batch, 1, MOST_READINGS_IN_A_MESSAGE / 10),
        count("--metrics", options.metrics, Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  private Scenario recorded(Path file) {
    if (options.devices != null) {
      throw new OptionException("--devices cannot be combined with --replay; use --device ID");
    }
    if (replay.columns.isEmpty()) {
      throw new OptionException("--replay requires --column NAME");
    }
    String device = replay.device == null ? nameOf(file) : id("--device", replay.device, 64);
    List<String> columns = replay.columns.stream().map(String::strip).distinct().toList();
    Recording recording = new RecordingFile(file, columns, replay.timeColumn, separator()).read();
    int fitting = Math.max(1, MOST_READINGS_IN_A_MESSAGE / columns.size());
    int batch = count("--batch", options.batch, Math.min(REPLAY_BATCH, fitting), fitting);
    return new Scenario.Replay(device, recording, speed(), batch);
  }

  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
    String fit = name.replaceAll("[^A-Za-z0-9._:-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
    return fit.isEmpty() ? "recording" : fit.substring(0, Math.min(64, fit.length()));
  }

  private @Nullable Character separator() {
    String given = replay.separator;
    if (given == null) {
      return null;
    }
    String one = given.equals("\\t") || given.equals("tab") ? "\t" : given;
    if (one.length() != 1) {
      throw new OptionException("--separator must be one character or tab, got '" + given + "'");
    }
    return one.charAt(0);
  }

  private double speed() {
    String given = replay.speed == null ? "max" : replay.speed;
    if (given.equals("max")) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      return positive("--speed", Double.parseDouble(given.replaceFirst("x$", "")));
    } catch (NumberFormatException e) {
      throw new OptionException("--speed must be max or a number such as 60x, got '" + given + "'");
    }
  }

  private HubAddress hub() {
    try {
      return HubAddress.parse(options.hub);
    } catch (IllegalArgumentException e) {
      throw new OptionException("--hub: " + e.getMessage());
    }
  }

  private String apiKey() {
    return Stream.of(
            options.key,
            environment.get("SIGNALBOX_API_KEY"),
            environment.get("SIGNALBOX_ADMIN_KEY"))
        .filter(key -> key != null && !key.isBlank())
        .findFirst()
        .orElseThrow(
            () ->
                new OptionException(
                    "no API key: set --key KEY or the environment variable SIGNALBOX_API_KEY or"
                        + " SIGNALBOX_ADMIN_KEY"))
        .strip();
  }

  private LinkFaults faults() {
    return fit("--faults", options.faults, LinkFaults::parse, LinkFaults.NONE);
  }

  private CommandBehaviour commandBehaviour() {
    return new CommandBehaviour(
        fit("--command-delay", options.commands.delay, Delay::parse, Delay.NONE),
        fit("--command-faults", options.commands.faults, CommandFaults::parse, CommandFaults.NONE));
  }

  private Optional<CommandLoadPlan> commandLoad() {
    CommandOptions given = options.commands;
    String stray = given.strayOption();
    if (given.perSecond == null && !stray.isEmpty()) {
      throw new OptionException(stray + " requires --commands R");
    }
    return given.perSecond == null
        ? Optional.empty()
        : Optional.of(commandLoadPlan(given, given.perSecond));
  }

  private static CommandLoadPlan commandLoadPlan(CommandOptions given, double perSecond) {
    int ttl = count("--command-ttl", given.ttl, USUAL_TTL_SECONDS, MOST_TTL_SECONDS);
    return new CommandLoadPlan(
        positive("--commands", perSecond),
        Duration.ofSeconds(ttl),
        fit("--command-not-before", given.later, Probability::parse, 0.0),
        fit("--command-cancel", given.cancel, Probability::parse, 0.0),
        Optional.ofNullable(given.name));
  }

  private static <T> T fit(
      String option, @Nullable String given, Function<String, T> parse, T usual) {
    try {
      return given == null ? usual : parse.apply(given);
    } catch (IllegalArgumentException e) {
      throw new OptionException(option + ": " + e.getMessage());
    }
  }

  private RunPlan.Terms terms() {
    boolean endless = options.duration == null && (!options.verify || replay.file != null);
    Duration usual = endless ? FOREVER : UNTIL_VERIFIED;
    return new RunPlan.Terms(
        options.duration == null ? usual : seconds("--duration", options.duration),
        seconds("--verify-timeout", options.verifyTimeout),
        options.verify,
        options.watch,
        options.quiet,
        options.seed == null ? System.nanoTime() : options.seed);
  }

  private static Duration seconds(String option, double seconds) {
    double millis = positive(option, seconds) * 1000;
    return Duration.ofMillis((long) Math.min(millis, (double) FOREVER.toMillis()));
  }

  private static double positive(String option, double number) {
    if (!(number > 0) || Double.isInfinite(number)) {
      throw new OptionException(option + " must be a number greater than 0, got " + number);
    }
    return number;
  }

  private static int count(String option, @Nullable Integer given, int usual, int most) {
    if (given == null) {
      return usual;
    }
    if (given < 1 || given > most) {
      throw new OptionException(option + " must be from 1 to " + most + ", got " + given);
    }
    return given;
  }

  private static String id(String option, String text, int longest) {
    if (!ID.matcher(text).matches() || text.length() > longest) {
      throw new OptionException(
          option
              + " '"
              + text
              + "' is not a valid id: it must be 1 to "
              + longest
              + " letters, digits or ._:- and begin with a letter or digit");
    }
    return text;
  }
}
