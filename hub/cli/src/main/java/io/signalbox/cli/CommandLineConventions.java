package io.signalbox.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What all commands have in common: {@code -h} and {@code -V}, the form of the help, and one line
 * on standard error for each mistake. Options are {@code --name VALUE} or {@code --name=VALUE}.
 */
public final class CommandLineConventions {
  /** Exit code for an invalid command line (EX_USAGE). */
  public static final int USAGE = 64;

  private CommandLineConventions() {}

  /**
   * Applies the conventions to a command and its subcommands.
   *
   * @param program a class of the program, whose jar has the version
   */
  public static CommandLine apply(CommandLine command, Class<?> program) {
    applyTo(command, program);
    return command
        .setExpandAtFiles(false)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(CommandLineConventions::refuse);
  }

  private static void applyTo(CommandLine command, Class<?> program) {
    CommandSpec spec = command.getCommandSpec();
    spec.version(spec.qualifiedName() + " " + version(program));
    spec.addOption(option("-h", "--help", "Show this help and exit.").usageHelp(true).build());
    spec.addOption(
        option("-V", "--version", "Show the version and exit.").versionHelp(true).build());
    UsageMessageSpec usage = spec.usageMessage();
    usage.abbreviateSynopsis(true).sortOptions(false);
    usage.descriptionHeading("%n").optionListHeading("%nOptions:%n");
    usage.commandListHeading("%nCommands:%n");
    usage.exitCodeListHeading(usage.exitCodeList().isEmpty() ? "" : "%nExit codes:%n");
    command.getSubcommands().values().forEach(each -> applyTo(each, program));
  }

  private static OptionSpec.Builder option(String letter, String name, String description) {
    return OptionSpec.builder(letter, name).type(boolean.class).description(description);
  }

  /** The version of the jar that contains the class. */
  public static String version(Class<?> program) {
    return Optional.ofNullable(program.getPackage().getImplementationVersion())
        .orElse("in development");
  }

  /** Prints one line of an error, as {@code signalbox sim: line}. */
  public static void printError(CommandLine command, String line) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + line);
  }

  private static int refuse(ParameterException wrong, String[] arguments) {
    describe(wrong).forEach(line -> printError(wrong.getCommandLine(), line));
    return USAGE;
  }

  /** What is wrong with a command line, a line for each mistake. */
  public static List<String> describe(ParameterException wrong) {
    return switch (wrong) {
      case UnmatchedArgumentException unknown -> unknown(unknown);
      case MissingParameterException missing ->
          missing.getMissing().stream().map(each -> nameOf(each) + ": value missing").toList();
      case OverwrittenOptionException twice ->
          List.of(nameOf(twice.getOverwritten()) + ": given twice; expected once");
      default -> List.of(String.valueOf(wrong.getMessage()).lines().findFirst().orElse(""));
    };
  }

  private static List<String> unknown(UnmatchedArgumentException unmatched) {
    CommandSpec command = unmatched.getCommandLine().getCommandSpec();
    List<String> names =
        command.options().stream()
            .filter(option -> !option.hidden())
            .map(OptionSpec::longestName)
            .toList();
    List<String> lines = new ArrayList<>();
    boolean afterOption = false;
    for (String word : unmatched.getUnmatched()) {
      String name = word.split("=", 2)[0];
      if (word.startsWith("-")) {
        lines.add("unknown option " + name + hint(name, names));
      } else if (!afterOption) {
        lines.add("unexpected argument " + word + hint(word, command.subcommands().keySet()));
      }
      // The word after an unknown option is probably its value.
      afterOption = word.startsWith("-") && word.equals(name);
    }
    return lines;
  }

  private static String hint(String wrong, Collection<String> names) {
    String hint = NameSuggestion.hint(wrong, names);
    return hint.isEmpty() ? " (see --help)" : hint;
  }

  private static String nameOf(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
