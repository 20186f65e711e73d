package io.signalbox.hub.gateway.http;

import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.wire.AgentFormat;
import io.signalbox.hub.wire.PayloadFormat;
import io.signalbox.hub.wire.PayloadType;
import io.signalbox.hub.wire.TimestampUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The query of an upload: whose format the payload has, and in which unit its times are. */
final class UploadQuery {
  private static final String FORMAT = "format";
  private static final String UNIT = "tsUnit";
  private static final Set<String> PARAMETERS = Set.of(FORMAT, UNIT);

  private UploadQuery() {}

  /** How the body is to be read; refuses {@code INVALID} with the parameter. */
  static PayloadFormat format(String uri, PayloadType type) {
    QueryParams query = QueryParams.of(uri, PARAMETERS);
    return new PayloadFormat(type, agent(query.text(FORMAT)), unit(query.text(UNIT)));
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
        parameter, known.stream().collect(Collectors.joining(", ", parameter + " is one of ", "")));
  }
}
