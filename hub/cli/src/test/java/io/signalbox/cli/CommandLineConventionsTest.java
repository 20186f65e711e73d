package io.signalbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CommandLineConventionsTest {
  @Command(name = "signalbox test", description = "Tests.", subcommands = Sub.class)
  static final class Program implements Runnable {
    @Option(
        names = "--rate",
        paramLabel = "N",
        defaultValue = "1",
        description = "Rate (default: ${DEFAULT-VALUE}).")
    int rate;

    @Option(names = "--devices", paramLabel = "N", description = "Devices.")
    int devices;

    @Override
    public void run() {}
  }

  @Command(name = "polls", description = "Polls.")
  static final class Sub implements Runnable {
    @Override
    public void run() {}
  }

  private final Program program = new Program();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"--rate 7", "--rate=7", "--rate 7 polls"})
  void an_option_and_its_value_are_separated_by_a_space_or_an_equals_sign(String line) {
    assertThat(run(line)).isZero();
    assertThat(program.rate).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--rat 7 | signalbox test: unknown option --rat; did you mean --rate?",
        "--rat=7 | signalbox test: unknown option --rat; did you mean --rate?",
        "--colour red | signalbox test: unknown option --colour (see --help)",
        "-x | signalbox test: unknown option -x (see --help)",
        "--rate | signalbox test: --rate: value missing",
        "--rate --devices 1 | signalbox test: --rate: value missing",
        "--rate 1 --rate 2 | signalbox test: --rate: given twice; expected once",
        "--rate fast | signalbox test: Invalid value for option '--rate': 'fast' is not an int",
        "pols | signalbox test: unexpected argument pols; did you mean polls?",
        "@file | signalbox test: unexpected argument @file (see --help)",
        "polls --rate 1 | signalbox test polls: unknown option --rate (see --help)",
      })
  void a_mistake_is_one_line_on_standard_error_and_exit_code_64(String line, String message) {
    assertThat(run(line)).isEqualTo(64);
    assertThat(err).hasToString(message + System.lineSeparator());
    assertThat(out).hasToString("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help", "--help --rat"})
  void help_shows_every_option_with_its_default(String line) {
    assertThat(run(line)).isZero();
    assertThat(out.toString())
        .startsWith("Usage: signalbox test [OPTIONS] [COMMAND]\n\nTests.\n\nOptions:\n")
        .containsPattern("--rate=N +Rate \\(default: 1\\)\\.")
        .containsPattern("-h, --help +Show this help and exit\\.")
        .containsPattern("-V, --version +Show the version and exit\\.")
        .containsPattern("Commands:\n +polls +Polls\\.")
        .doesNotContain("Exit codes:");
  }

  @ParameterizedTest
  @CsvSource({
    "-V, signalbox test in development",
    "--version, signalbox test in development",
    "polls -V, signalbox test polls in development"
  })
  void version_shows_program_and_version(String line, String version) {
    assertThat(run(line)).isZero();
    assertThat(out).hasToString(version + System.lineSeparator());
  }

  @Test
  void a_distant_name_is_not_suggested() {
    assertThat(run("--transport")).isEqualTo(64);
    assertThat(err.toString()).doesNotContain("did you mean");
  }

  private int run(String line) {
    return CommandLineConventions.apply(new CommandLine(program), Program.class)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(line.split(" "));
  }
}
