package io.signalbox.hub.http;

import io.netty.util.NetUtil;
import io.signalbox.hub.config.AddressRanges;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client in what proxies add: {@code Forwarded} (RFC 7239), or {@code X-Forwarded-For},
 * {@code -Proto} and {@code -Host}. Each proxy appends at the right, so the client is the
 * right-most address that is not a trusted proxy; everything left of it may be forged by the
 * client.
 *
 * <p>A proxy that sets one kind of header usually passes the other kind on unchanged. If both are
 * present and name different clients, both are ignored.
 */
final class ForwardedHeaders {
  /**
   * What one proxy has reported.
   *
   * @param peer the sender of the request to that proxy; null if missing or not an address
   * @param scheme the scheme of the request
   * @param authority the authority that the request was sent to
   */
  private record Hop(@Nullable Peer peer, @Nullable String scheme, @Nullable String authority) {}

  /** An address from a header; port 0 if there is none. */
  private record Peer(InetAddress address, int port) {}

  private ForwardedHeaders() {}

  /**
   * The client of a request.
   *
   * @param nearest the sender of the request to the hub: a trusted proxy
   */
  static RequestSource client(MultiMap headers, RequestSource nearest, AddressRanges trusted) {
    String standard = all(headers, "Forwarded");
    String addresses = all(headers, "X-Forwarded-For");
    if (standard == null) {
      return client(nonStandard(headers, addresses), nearest, trusted);
    }
    RequestSource client = client(standard(standard), nearest, trusted);
    if (addresses == null) {
      return client;
    }
    RequestSource other = client(nonStandard(headers, addresses), nearest, trusted);
    return client.host().equals(other.host()) ? other : nearest;
  }

  /** The value of a list header, its lines joined; null if the header is missing. */
  private static @Nullable String all(MultiMap headers, String name) {
    List<String> lines = headers.getAll(name);
    return lines.isEmpty() ? null : String.join(",", lines);
  }

  private static RequestSource client(
      List<Hop> hops, RequestSource nearest, AddressRanges trusted) {
    RequestSource client = nearest;
    for (int i = hops.size() - 1; i >= 0; i--) {
      Hop hop = hops.get(i);
      Peer peer = hop.peer();
      client =
          peer == null
              ? client.reached(hop.scheme(), hop.authority())
              : RequestSource.of(peer.address(), peer.port())
                  .reached(hop.scheme(), hop.authority());
      if (peer == null || !trusted.contains(peer.address())) {
        return client;
      }
    }
    return client;
  }

  private static List<Hop> standard(String header) {
    List<Hop> hops = new ArrayList<>();
    for (String element : parts(header, ',')) {
      String peer = null;
      String scheme = null;
      String authority = null;
      for (String pair : parts(element, ';')) {
        int equals = pair.indexOf('=');
        String value = unquoted(pair.substring(equals + 1).strip());
        switch (pair.substring(0, Math.max(0, equals)).strip().toLowerCase(Locale.ROOT)) {
          case "for" -> peer = value;
          case "proto" -> scheme = value;
          case "host" -> authority = value;
          default -> {}
        }
      }
      hops.add(new Hop(peer(peer), scheme(scheme), authority));
    }
    return hops;
  }

  /** Without any address, the scheme and host are those that the only proxy reports. */
  private static List<Hop> nonStandard(MultiMap headers, @Nullable String addresses) {
    List<String> peers = addresses == null ? List.of("") : parts(addresses, ',');
    List<String> schemes =
        parts(Objects.requireNonNullElse(all(headers, "X-Forwarded-Proto"), ""), ',');
    List<String> hosts =
        parts(Objects.requireNonNullElse(all(headers, "X-Forwarded-Host"), ""), ',');
    List<Hop> hops = new ArrayList<>();
    for (int i = 0; i < peers.size(); i++) {
      int fromRight = peers.size() - 1 - i;
      String host = fromRight(hosts, fromRight);
      hops.add(
          new Hop(
              peer(unquoted(peers.get(i).strip())),
              scheme(fromRight(schemes, fromRight)),
              host.isEmpty() ? null : host));
    }
    return hops;
  }

  /** A proxy may replace the header, so there can be fewer values than addresses. */
  private static String fromRight(List<String> parts, int index) {
    return parts.get(Math.max(0, parts.size() - 1 - index)).strip();
  }

  /** Splits at a separator outside quotes. */
  private static List<String> parts(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(text.substring(Math.min(from, text.length())));
    return parts;
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
  }

  private static @Nullable String scheme(@Nullable String text) {
    String scheme = text == null ? "" : text.toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "http", "ws" -> "http";
      case "https", "wss" -> "https";
      default -> null;
    };
  }

  /** {@code 10.0.0.9}, {@code 10.0.0.9:1234}, {@code 2001:db8::1}, {@code [2001:db8::1]:1234}. */
  private static @Nullable Peer peer(@Nullable String text) {
    if (text == null) {
      return null;
    }
    int end = text.indexOf(']');
    boolean bracketed = text.startsWith("[") && end > 0;
    int colon = bracketed ? text.indexOf(':', end) : text.indexOf(':');
    boolean hasPort = colon >= 0 && colon == text.lastIndexOf(':');
    String host = hasPort ? text.substring(0, colon) : text;
    byte[] bytes =
        NetUtil.createByteArrayFromIpAddressString(bracketed ? text.substring(1, end) : host);
    return bytes == null
        ? null
        : new Peer(address(bytes), hasPort ? port(text.substring(colon + 1)) : 0);
  }

  /** The port; 0 if it is obfuscated (RFC 7239, section 6.3). */
  private static int port(String digits) {
    int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
    return port <= 65_535 ? port : 0;
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
