package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.text.Utf8Length;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Decoder of a command's result, field by field. One instance decodes one result. */
final class ResultDecoder {
  private static final int MAX_ID_BYTES = 64;

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

  /** Sets the default id, which a field may override. */
  ResultDecoder about(String command) {
    id = command;
    return this;
  }

  /** Reads the current value as this field. */
  void field(String name) throws IOException {
    switch (name) {
      case "id" -> id = text(MAX_ID_BYTES);
      case "status" -> status = status();
      case "data" -> data = data();
      case "error" -> error = isNull() ? null : text(limits.textBytes());
      default -> in.skipChildren();
    }
  }

  private Command.State status() throws IOException {
    return switch (text(MAX_ID_BYTES)) {
      case "accepted" -> Command.State.ACCEPTED;
      case "succeeded" -> Command.State.SUCCEEDED;
      case "failed" -> Command.State.FAILED;
      case "rejected" -> Command.State.REJECTED;
      default ->
          throw DecodeErrors.at(
              in, ErrorCode.INVALID, "must be accepted, succeeded, failed or rejected");
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
      throw DecodeErrors.expected(in, "a string");
    }
    int bytes = Utf8Length.utf8Length(in.getText());
    if (bytes == Utf8Length.BROKEN || bytes > maxBytes) {
      String what = "must be valid text of at most " + maxBytes + " bytes";
      throw DecodeErrors.at(in, ErrorCode.INVALID, what);
    }
    return in.getText();
  }

  /** The complete result. */
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
