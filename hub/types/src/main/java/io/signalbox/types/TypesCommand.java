package io.signalbox.types;

import io.signalbox.cli.CommandLineConventions;
import io.signalbox.types.api.HubException;
import io.signalbox.types.file.InvalidFileException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** {@code ./signalbox types}: device types in files. */
@Command(
    name = "signalbox types",
    description =
        "Exports the device types of a running hub to a file, or imports them from files.",
    subcommands = {ExportCommand.class, ImportCommand.class})
public final class TypesCommand {
  /** Exit code of a dry run that found differences. */
  static final int DIFFERENT = 1;

  private static final int HUB_ERROR = 3;
  private static final int INVALID_FILE = 65;
  private static final int NO_INPUT = 66;
  private static final int INTERNAL = 70;
  private static final int NO_OUTPUT = 74;

  TypesCommand() {}

  /** Runs a command and exits with one of the exit codes listed in its {@code --help}. */
  public static void main(String[] arguments) {
    CommandLine command = commandLine();
    command.setOut(utf8(FileDescriptor.out)).setErr(utf8(FileDescriptor.err));
    System.exit(command.execute(arguments));
  }

  /** Files are in UTF-8, and so is an export to standard output, in any locale. */
  private static PrintWriter utf8(FileDescriptor stream) {
    return new PrintWriter(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }

  static CommandLine commandLine() {
    return CommandLineConventions.apply(new CommandLine(new TypesCommand()), TypesCommand.class)
        .setExecutionExceptionHandler(TypesCommand::failed);
  }

  private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
    return switch (failure) {
      case InvalidFileException invalid -> print(command, message(invalid), INVALID_FILE);
      case InvalidTypesException invalid -> {
        invalid.faults().forEach(fault -> CommandLineConventions.printError(command, fault));
        yield INVALID_FILE;
      }
      case HubException refused -> print(command, message(refused), HUB_ERROR);
      case UnwritableFileException unwritable -> print(command, message(unwritable), NO_OUTPUT);
      case FileSystemException unreadable -> print(command, unreadable(unreadable), NO_INPUT);
      default -> {
        failure.printStackTrace(command.getErr());
        yield INTERNAL;
      }
    };
  }

  private static String message(Exception failure) {
    return String.valueOf(failure.getMessage());
  }

  private static String unreadable(FileSystemException failure) {
    String reason = failure.getReason();
    if (failure instanceof NoSuchFileException) {
      return failure.getFile() + " does not exist";
    }
    return failure.getFile() + " cannot be read" + (reason == null ? "" : ": " + reason);
  }

  private static int print(CommandLine command, String line, int exitCode) {
    CommandLineConventions.printError(command, line);
    return exitCode;
  }
}
