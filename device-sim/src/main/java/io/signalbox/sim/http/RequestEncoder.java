package io.signalbox.sim.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.DeviceFrame.Result;
import io.signalbox.sim.link.DeviceFrame.Telemetry;
import io.signalbox.sim.link.DeviceFrameEncoder;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.model.Sample;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes the bodies of requests. */
final class RequestEncoder {
  private static final int WORTH_COMPRESSING_BYTES = 512;

  private RequestEncoder() {}

  /** Writes one body. */
  interface Writing {
    void to(JsonGenerator out) throws IOException;
  }

  /**
   * Encodes an exchange; empty parts are omitted.
   *
   * @param description what the device says of itself; null for nothing
   * @param desiredVersion version of the desired state that the device has; below 0: none
   * @param received ids of received commands without an answer; written even if empty
   */
  record ExchangeParts(
      List<Telemetry> telemetry,
      List<Result> results,
      Map<String, Object> reported,
      @Nullable JsonNode description,
      PowerProfile power,
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
          DeviceFrameEncoder.writeOutcome(result, out);
          out.writeEndObject();
        });
  }

  static Buffer patch(Map<String, Object> patch) {
    return write(Encoding.JSON, out -> out.writePOJO(patch));
  }

  static Buffer description(JsonNode description, Encoding encoding) {
    return write(encoding, out -> out.writePOJO(description));
  }

  static Buffer exchange(ExchangeParts parts, Encoding encoding) {
    return write(encoding, out -> writeParts(parts, out));
  }

  private static void writeParts(ExchangeParts parts, JsonGenerator out) throws IOException {
    out.writeStartObject();
    if (!parts.telemetry().isEmpty()) {
      out.writeFieldName("telemetry");
      writeTelemetry(parts.telemetry(), out);
    }
    if (!parts.results().isEmpty()) {
      out.writeArrayFieldStart("results");
      for (Result result : parts.results()) {
        out.writeStartObject();
        out.writeStringField("id", result.id());
        DeviceFrameEncoder.writeOutcome(result, out);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    if (!parts.reported().isEmpty()) {
      out.writePOJOField("reported", parts.reported());
    }
    if (parts.description() != null) {
      out.writePOJOField("description", parts.description());
    }
    if (parts.power().isSaid()) {
      out.writeObjectFieldStart("power");
      parts.power().write(out);
      out.writeEndObject();
    }
    if (parts.desiredVersion() >= 0) {
      out.writeNumberField("desiredVersion", parts.desiredVersion());
    }
    out.writeArrayFieldStart("received");
    for (String id : parts.received()) {
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
      DeviceFrameEncoder.writeSample(sample, out);
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

  /** The same request with a gzip body, if enabled and the body is large enough. */
  static DeviceRequest compressed(DeviceRequest deviceRequest, PollingOptions options) {
    if (!options.gzip() || deviceRequest.body().length() < WORTH_COMPRESSING_BYTES) {
      return deviceRequest;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(deviceRequest.body().length() / 4);
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(deviceRequest.body().getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Buffer body = Buffer.buffer(bytes.toByteArray());
    return new DeviceRequest(
            deviceRequest.method(),
            deviceRequest.path(),
            deviceRequest.headers(),
            body,
            deviceRequest.timeoutMillis())
        .with("Content-Encoding", "gzip");
  }
}
