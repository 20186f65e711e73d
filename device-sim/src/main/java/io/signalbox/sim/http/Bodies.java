package io.signalbox.sim.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.DeviceFrame.Telemetry;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.FrameWriter;
import io.signalbox.sim.model.Sample;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Writes the bodies of requests. */
final class Bodies {
  private static final int WORTH_COMPRESSING_BYTES = 512;

  private Bodies() {}

  /** What writes one body. */
  interface Writing {
    void to(JsonGenerator out) throws IOException;
  }

  /**
   * What an exchange takes up; what is empty is left out.
   *
   * @param desiredVersion of the twin's desired state that the device has; below 0: none yet
   * @param received ids of commands that have come and are not answered; written also if empty
   */
  record Parcel(
      List<Telemetry> telemetry,
      List<Result> results,
      Map<String, Object> reported,
      Power power,
      long desiredVersion,
      List<String> received) {}

  static Buffer telemetry(Collection<Telemetry> frames, Encoding encoding) {
    return write(encoding, out -> writeTelemetry(frames, out));
  }

  static Buffer result(Result result, Encoding encoding) {
    return write(
        encoding,
        out -> {
          out.writeStartObject();
          FrameWriter.writeOutcome(result, out);
          out.writeEndObject();
        });
  }

  static Buffer patch(Map<String, Object> patch) {
    return write(Encoding.JSON, out -> out.writePOJO(patch));
  }

  static Buffer exchange(Parcel parcel, Encoding encoding) {
    return write(encoding, out -> writeParcel(parcel, out));
  }

  private static void writeParcel(Parcel parcel, JsonGenerator out) throws IOException {
    out.writeStartObject();
    if (!parcel.telemetry().isEmpty()) {
      out.writeFieldName("telemetry");
      writeTelemetry(parcel.telemetry(), out);
    }
    if (!parcel.results().isEmpty()) {
      out.writeArrayFieldStart("results");
      for (Result result : parcel.results()) {
        out.writeStartObject();
        out.writeStringField("id", result.id());
        FrameWriter.writeOutcome(result, out);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    if (!parcel.reported().isEmpty()) {
      out.writePOJOField("reported", parcel.reported());
    }
    if (parcel.power().isSaid()) {
      out.writeObjectFieldStart("power");
      parcel.power().write(out);
      out.writeEndObject();
    }
    if (parcel.desiredVersion() >= 0) {
      out.writeNumberField("desiredVersion", parcel.desiredVersion());
    }
    out.writeArrayFieldStart("received");
    for (String id : parcel.received()) {
      out.writeString(id);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeTelemetry(Collection<Telemetry> frames, JsonGenerator out)
      throws IOException {
    List<Sample> samples = frames.stream().flatMap(frame -> frame.samples().stream()).toList();
    boolean batch = samples.size() > 1;
    if (batch) {
      out.writeStartArray();
    }
    for (Sample sample : samples) {
      out.writeStartObject();
      FrameWriter.writeSample(sample, out);
      out.writeEndObject();
    }
    if (batch) {
      out.writeEndArray();
    }
  }

  private static Buffer write(Encoding encoding, Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator out = encoding.mapper().getFactory().createGenerator(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** The same request with its body compressed, where that is wanted and worth it. */
  static Ask compressed(Ask ask, Visits visits) {
    if (!visits.gzip() || ask.body().length() < WORTH_COMPRESSING_BYTES) {
      return ask;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(ask.body().length() / 4);
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(ask.body().getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Buffer body = Buffer.buffer(bytes.toByteArray());
    return new Ask(ask.method(), ask.path(), ask.headers(), body, ask.patienceMillis())
        .with("Content-Encoding", "gzip");
  }
}
