package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Encoder of HTTP response bodies for devices, in both encodings. Stateless; any thread. */
public final class DeviceResponseEncoder {
  private DeviceResponseEncoder() {}

  /** {@code {"accepted","skipped"?}}: the numbers of durable readings and of null values. */
  public static byte[] accepted(Encoding encoding, TelemetryPayload payload) {
    return DeviceFrameEncoder.body(
        encoding, out -> accepted(out.json(), payload.readings().size(), payload.skipped()));
  }

  private static void accepted(JsonGenerator json, int readings, int skipped) throws IOException {
    json.writeNumberField("accepted", readings);
    if (skipped > 0) {
      json.writeNumberField("skipped", skipped);
    }
  }

  /** {@code {"commands":[…]}}, each as in its frame. */
  public static byte[] commands(Encoding encoding, List<Command> commands) {
    return DeviceFrameEncoder.body(encoding, out -> commands(out, commands));
  }

  static void commands(DeviceFrameEncoder out, List<Command> commands) throws IOException {
    out.json().writeArrayFieldStart("commands");
    for (Command command : commands) {
      out.json().writeStartObject();
      DeviceFrameCodec.command(out, command);
      out.json().writeEndObject();
    }
    out.json().writeEndArray();
  }

  /**
   * Contents of the response to an exchange.
   *
   * @param accepted number of durable readings
   * @param skipped number of null values
   * @param desired the twin, if the device needs its desired state
   * @param described version of the device's description, if it brought one that was stored
   * @param nextPoll milliseconds until the device should poll again
   * @param reason the reason for this interval
   * @param refused the errors of the refused parts
   */
  public record ExchangeResponse(
      int accepted,
      int skipped,
      List<Command> commands,
      Optional<Twin> desired,
      OptionalLong described,
      long nextPoll,
      String reason,
      List<Refusal> refused) {}

  /**
   * {@code {"accepted","skipped"?,"commands","desired"?,"described"?,"nextPoll","reason",
   * "refused"?}}; each refused part has {@code field}, {@code code} and {@code detail}.
   */
  public static byte[] exchanged(Encoding encoding, ExchangeResponse exchanged) {
    return DeviceFrameEncoder.body(encoding, out -> exchanged(out, exchanged));
  }

  private static void exchanged(DeviceFrameEncoder out, ExchangeResponse exchanged)
      throws IOException {
    JsonGenerator json = out.json();
    accepted(json, exchanged.accepted(), exchanged.skipped());
    commands(out, exchanged.commands());
    if (exchanged.desired().isPresent()) {
      json.writeObjectFieldStart("desired");
      DeviceFrameCodec.desired(out, exchanged.desired().get());
      json.writeEndObject();
    }
    if (exchanged.described().isPresent()) {
      json.writeObjectFieldStart("described");
      json.writeNumberField("version", exchanged.described().getAsLong());
      json.writeEndObject();
    }
    json.writeNumberField("nextPoll", exchanged.nextPoll());
    json.writeStringField("reason", exchanged.reason());
    if (!exchanged.refused().isEmpty()) {
      refused(json, exchanged.refused());
    }
  }

  private static void refused(JsonGenerator json, List<Refusal> refused) throws IOException {
    json.writeArrayFieldStart("refused");
    for (Refusal refusal : refused) {
      json.writeStartObject();
      if (refusal.field() != null) {
        json.writeStringField("field", refusal.field());
      }
      json.writeStringField("code", refusal.kind().code());
      json.writeStringField("detail", refusal.detail());
      ProblemJson.errors(json, refusal);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** {@code {"version"}}: the version of the device's description. */
  public static byte[] described(Encoding encoding, long version) {
    return DeviceFrameEncoder.body(
        encoding, out -> out.json().writeNumberField("version", version));
  }

  /** {@code {"desired":{"version","state","delta"?},"reported":{"version","state"}}}. */
  public static byte[] twin(Encoding encoding, Twin twin) {
    return DeviceFrameEncoder.body(encoding, out -> twin(out, twin));
  }

  private static void twin(DeviceFrameEncoder out, Twin twin) throws IOException {
    JsonGenerator json = out.json();
    json.writeObjectFieldStart("desired");
    DeviceFrameCodec.desired(out, twin);
    json.writeEndObject();
    json.writeObjectFieldStart("reported");
    json.writeNumberField("version", twin.reported().version());
    out.raw("state", twin.reported().state());
    json.writeEndObject();
  }
}
