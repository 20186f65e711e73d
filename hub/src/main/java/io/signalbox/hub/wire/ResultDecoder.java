package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes the fields of a command's result as they come. Made for one result. */
final class ResultDecoder {
  private static final int LONGEST_ID = 64;

  private final JsonParser in;
  private final PayloadLimits limits;
  private @Nullable String id;
  private Command.@Nullable State status;
  private @Nullable String data;
  private @Nullable String error;

  ResultDecoder(JsonParser in, PayloadLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /** The id that holds unless a field says another. */
  ResultDecoder about(String command) {
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
          throw DecodeErrors.at(
              in, ErrorCode.INVALID, "is not accepted, succeeded, failed or rejected");
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
      throw DecodeErrors.at(in, ErrorCode.INVALID, "is no text");
    }
    int bytes = Utf8Length.utf8Length(in.getText());
    if (bytes == Utf8Length.BROKEN || bytes > maxBytes) {
      throw DecodeErrors.at(in, ErrorCode.INVALID, "is no text of at most " + maxBytes + " bytes");
    }
    return in.getText();
  }

  /** What the fields say together. */
  CommandResult result() {
    if (id == null) {
      throw DecodeErrors.below(in, "id", ErrorCode.INVALID, "is missing");
    }
    if (status == null) {
      throw DecodeErrors.below(in, "status", ErrorCode.INVALID, "is missing");
    }
    return new CommandResult(id, status, data, error);
  }
}
