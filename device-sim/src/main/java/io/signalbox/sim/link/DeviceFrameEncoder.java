package io.signalbox.sim.link;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.signalbox.sim.model.Reading;
import io.signalbox.sim.model.Sample;
import io.signalbox.sim.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** Encodes device frames as JSON text or CBOR. Thread-safe. */
public final class DeviceFrameEncoder {
  private static final JsonFactory JSON = new ObjectMapper().getFactory();
  private static final JsonFactory CBOR = new CBORMapper().getFactory();

  private DeviceFrameEncoder() {}

  /** Encodes a frame as JSON, doubles in their shortest exact form. */
  public static String json(DeviceFrame frame) {
    StringWriter text = new StringWriter(160);
    try (JsonGenerator out = JSON.createGenerator(text)) {
      write(frame, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Encodes a frame as a CBOR map with the same keys. */
  public static byte[] cbor(DeviceFrame frame) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
    try (JsonGenerator out = CBOR.createGenerator(bytes)) {
      write(frame, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DeviceFrame frame, JsonGenerator out) throws IOException {
    out.writeStartObject();
    switch (frame) {
      case DeviceFrame.Telemetry telemetry -> writeTelemetry(telemetry, out);
      case DeviceFrame.Result result -> writeResult(result, out);
      case DeviceFrame.Reported reported -> {
        out.writeStringField("type", "reported");
        out.writePOJOField("patch", reported.patch());
      }
      case DeviceFrame.Describe describe -> {
        out.writeStringField("type", "describe");
        out.writePOJOField("description", describe.description());
      }
      case DeviceFrame.Ping ping -> out.writeStringField("type", "ping");
    }
    out.writeEndObject();
  }

  private static void writeTelemetry(DeviceFrame.Telemetry telemetry, JsonGenerator out)
      throws IOException {
    out.writeStringField("type", "telemetry");
    out.writeNumberField("seq", telemetry.seq());
    List<Sample> samples = telemetry.samples();
    if (samples.size() == 1) {
      writeSample(samples.getFirst(), out);
      return;
    }
    out.writeArrayFieldStart("batch");
    for (Sample sample : samples) {
      out.writeStartObject();
      writeSample(sample, out);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** Writes the fields of a sample into the current object. */
  public static void writeSample(Sample sample, JsonGenerator out) throws IOException {
    out.writeNumberField("ts", sample.ts());
    out.writeObjectFieldStart("values");
    for (Reading reading : sample.readings()) {
      out.writeFieldName(reading.metric());
      switch (reading.value()) {
        case Value.Num num -> out.writeNumber(num.number());
        case Value.Flag flag -> out.writeBoolean(flag.flag());
        case Value.Text text -> out.writeString(text.text());
      }
    }
    out.writeEndObject();
  }

  private static void writeResult(DeviceFrame.Result result, JsonGenerator out) throws IOException {
    out.writeStringField("type", "result");
    out.writeStringField("id", result.id());
    writeOutcome(result, out);
  }

  /** Writes the fields of a result except the command id into the current object. */
  public static void writeOutcome(DeviceFrame.Result result, JsonGenerator out) throws IOException {
    out.writeStringField("status", result.status().name().toLowerCase(Locale.ROOT));
    if (!result.data().isEmpty()) {
      out.writePOJOField("data", result.data());
    }
    if (!result.error().isEmpty()) {
      out.writeStringField("error", result.error());
    }
  }
}
