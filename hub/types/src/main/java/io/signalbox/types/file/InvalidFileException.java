package io.signalbox.types.file;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** The content of a file is not valid. The message is one line that names file and place. */
public final class InvalidFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private InvalidFileException(String message) {
    super(message, null, false, false);
  }

  /** The text is not JSON or YAML. */
  static InvalidFileException at(String file, JsonProcessingException fault) {
    if (fault.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
      Mark mark = yaml.getProblemMark();
      return at(file, mark.getLine() + 1, mark.getColumn() + 1, yaml.getProblem());
    }
    JsonLocation location = fault.getLocation();
    String reason =
        fault instanceof MismatchedInputException
            ? "a second document follows; expected one"
            : fault.getOriginalMessage();
    return location == null
        ? new InvalidFileException(file + ": " + firstLine(reason))
        : at(file, location.getLineNr(), location.getColumnNr(), reason);
  }

  private static InvalidFileException at(String file, int line, int column, String reason) {
    return new InvalidFileException(
        "%s:%d:%d: %s".formatted(file, line, column, firstLine(reason)));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("not readable");
  }

  /** A value is not what is expected. */
  static InvalidFileException at(String file, String pointer, String reason) {
    return new InvalidFileException(
        pointer.isEmpty() ? file + ": " + reason : file + "#" + pointer + ": " + reason);
  }
}
