package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal.Kind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes the fields of a command's result as they come. Made for one result. */
final class ResultReader {
  private static final int LONGEST_ID = 64;

  private final JsonParser in;
  private final Limits limits;
  private @Nullable String id;
  private Command.@Nullable State status;
  private @Nullable String data;
  private @Nullable String error;

  ResultReader(JsonParser in, Limits limits) {
    this.in = in;
    this.limits = limits;
  }

  /** The id that holds unless a field says another. */
  ResultReader about(String command) {
    id = command;
    return this;
  }

  /** Takes the field whose value the parser is at. */
  void field(String name) throws IOException {
    switch (name) {
      case "id" -> id = text(LONGEST_ID);
      case "status" -> status = status();
      case "data" -> data = data();
      case "error" -> error = isNull() ? null : text(limits.textBytes());
      default -> in.skipChildren();
    }
  }

  private Command.State status() throws IOException {
    return switch (text(LONGEST_ID)) {
      case "accepted" -> Command.State.ACCEPTED;
      case "succeeded" -> Command.State.SUCCEEDED;
      case "failed" -> Command.State.FAILED;
      case "rejected" -> Command.State.REJECTED;
      default ->
          throw Faults.at(in, Kind.INVALID, "is not accepted, succeeded, failed or rejected");
    };
  }

  private @Nullable String data() throws IOException {
    return isNull() ? null : CompactJson.read(in, limits.jsonBytes());
  }

  private boolean isNull() {
    return in.currentToken() == JsonToken.VALUE_NULL;
  }

  private String text(int maxBytes) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      throw Faults.at(in, Kind.INVALID, "is no text");
    }
    int bytes = Texts.utf8Length(in.getText());
    if (bytes == Texts.BROKEN || bytes > maxBytes) {
      throw Faults.at(in, Kind.INVALID, "is no text of at most " + maxBytes + " bytes");
    }
    return in.getText();
  }

  /** What the fields say together. */
  CommandResult result() {
    if (id == null) {
      throw Faults.below(in, "id", Kind.INVALID, "is missing");
    }
    if (status == null) {
      throw Faults.below(in, "status", Kind.INVALID, "is missing");
    }
    return new CommandResult(id, status, data, error);
  }
}
