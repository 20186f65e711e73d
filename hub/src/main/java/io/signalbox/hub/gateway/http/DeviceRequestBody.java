package io.signalbox.hub.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.http.HttpExchange;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.RequestBody;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.AgentFormat;
import io.signalbox.hub.wire.Encoding;
import io.signalbox.hub.wire.PayloadFormat;
import io.signalbox.hub.wire.PayloadType;
import io.signalbox.hub.wire.TimestampUnit;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Body of a device's request, decompressed if necessary. Decompression stops at the message limit,
 * however small the compressed body is.
 *
 * <p>Threading: the event loop of the connection.
 */
final class DeviceRequestBody {
  private static final String ENCODING = "Content-Encoding";
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final String FORMAT = "format";
  private static final String UNIT = "tsUnit";
  private static final Set<String> PARAMETERS = Set.of(FORMAT, UNIT);

  private final HttpExchange exchange;
  private final int limit;

  /**
   * The body of a request.
   *
   * @param limit most bytes, also after decompression
   */
  DeviceRequestBody(HttpExchange exchange, int limit) {
    this.exchange = exchange;
    this.limit = limit;
  }

  /** Encoding of the body; JSON without a Content-Type. */
  Encoding encoding() {
    String type = type();
    return switch (type) {
      case "", "application/json" -> Encoding.JSON;
      case "application/cbor" -> Encoding.CBOR;
      default -> throw unsupported("application/json or application/cbor; got " + type);
    };
  }

  /** Encoding of a merge patch. */
  Encoding patchEncoding() {
    return type().equals(MERGE_PATCH) ? Encoding.JSON : encoding();
  }

  /**
   * How a telemetry payload is to be read: by its type and the query. Refuses {@code INVALID} with
   * the parameter.
   */
  PayloadFormat payload() {
    QueryParams query = QueryParams.of(exchange.request().uri(), PARAMETERS);
    return new PayloadFormat(payloadType(), agent(query.text(FORMAT)), unit(query.text(UNIT)));
  }

  private static @Nullable AgentFormat agent(@Nullable String name) {
    if (name == null) {
      return null;
    }
    AgentFormat agent = AgentFormat.of(name);
    if (agent == null) {
      throw unknown(FORMAT, Arrays.stream(AgentFormat.values()).map(AgentFormat::symbol).toList());
    }
    return agent;
  }

  private static @Nullable TimestampUnit unit(@Nullable String symbol) {
    if (symbol == null) {
      return null;
    }
    return Arrays.stream(TimestampUnit.values())
        .filter(unit -> unit.symbol().equals(symbol))
        .findFirst()
        .orElseThrow(
            () ->
                unknown(
                    UNIT,
                    Arrays.stream(TimestampUnit.values()).map(TimestampUnit::symbol).toList()));
  }

  private static RuntimeException unknown(String parameter, List<String> known) {
    return QueryParams.invalid(
        parameter,
        known.stream().collect(Collectors.joining(", ", parameter + " must be one of ", "")));
  }

  private PayloadType payloadType() {
    String type = type();
    PayloadType known = type.isEmpty() ? PayloadType.JSON : PayloadType.of(type);
    if (known == null) {
      throw unsupported("a JSON, CBOR or SenML type; got " + type);
    }
    return known;
  }

  private String type() {
    if (!exchange.body().isUtf8()) {
      throw unsupported("in the charset UTF-8");
    }
    return exchange.body().type();
  }

  private static Refusal unsupported(String wanted) {
    return new Refusal(
        ErrorCode.UNSUPPORTED_MEDIA, "Content-Type", "Content-Type must be " + wanted);
  }

  /** Reads the whole body. */
  Future<ByteBuf> open() {
    boolean packed = isCompressed(exchange.request().getHeader(ENCODING));
    return exchange
        .body()
        .read(limit)
        .map(Buffer::getBytes)
        .map(bytes -> Unpooled.wrappedBuffer(packed ? decompress(bytes) : bytes));
  }

  private static boolean isCompressed(@Nullable String encoding) {
    String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> false;
      case "gzip", "x-gzip" -> true;
      default ->
          throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA, ENCODING, "Content-Encoding must be gzip");
    };
  }

  private byte[] decompress(byte[] packed) {
    try (Unpacking in = new Unpacking(packed)) {
      byte[] plain = in.readNBytes(limit + 1);
      if (plain.length > limit) {
        throw RequestBody.tooLarge(limit);
      }
      if (in.leavesRest()) {
        throw new Refusal(
            ErrorCode.MALFORMED, ENCODING, "the body has extra bytes after the gzip stream");
      }
      return plain;
    } catch (IOException broken) {
      throw new Refusal(ErrorCode.MALFORMED, ENCODING, "the body is not a complete gzip stream");
    }
  }

  /** Reads all members of a gzip stream (RFC 1952, 2.2); Java ignores bytes after them. */
  private static final class Unpacking extends GZIPInputStream {
    private static final int TRAILER = 8;

    /** Inflates from a buffer of the whole input, so that the inflater knows its rest. */
    Unpacking(byte[] packed) throws IOException {
      super(new ByteArrayInputStream(packed), Math.max(packed.length, 1));
    }

    /** At the end of the stream: whether bytes follow the last member's trailer. */
    boolean leavesRest() {
      return inf.getRemaining() > TRAILER;
    }
  }
}
