package io.signalbox.hub.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.signalbox.hub.config.AddressRanges;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Source of a request: the client's address, and the scheme and authority that it used, as the
 * connection or trusted proxies report them. Everything that limits, records, logs or compares
 * addresses uses this.
 *
 * @param host the client's IP address, IPv6 without brackets
 * @param port the client's port; 0 if unknown
 * @param scheme {@code http} or {@code https}; null if unknown, since TLS may end at a proxy that
 *     does not report it
 * @param authority host, and the port unless it is the scheme's default, that the client asked for;
 *     null for that of the request itself
 */
public record RequestSource(
    String host, int port, @Nullable String scheme, @Nullable String authority) {
  private static final AttributeKey<AddressRanges> TRUSTED =
      AttributeKey.valueOf("signalbox.trustedProxies");
  private static final AttributeKey<RequestSource> PROXIED =
      AttributeKey.valueOf("signalbox.proxied");

  /** Marks the peer of a connection as a trusted proxy. Call before the first request. */
  public static void trust(Channel connection, AddressRanges proxies) {
    connection.attr(TRUSTED).set(proxies);
  }

  /**
   * Records the client that the PROXY protocol named for a connection; it is checked separately
   * whether that client is itself a trusted proxy. Call before the first request.
   *
   * @param secure whether the client uses TLS; null if unknown
   */
  public static void proxied(
      Channel connection, InetSocketAddress client, @Nullable Boolean secure) {
    AddressRanges proxies = connection.attr(TRUSTED).get();
    if (proxies != null && !proxies.contains(client.getAddress())) {
      connection.attr(TRUSTED).set(null);
    }
    String scheme = secure == null ? null : secure ? "https" : "http";
    connection.attr(PROXIED).set(of(client.getAddress(), client.getPort()).reached(scheme, null));
  }

  /** The source of a request. */
  public static RequestSource of(HttpServerRequest request) {
    Channel connection = ConnectionChannel.of(request.connection());
    RequestSource peer = peer(connection);
    AddressRanges proxies = connection.hasAttr(TRUSTED) ? connection.attr(TRUSTED).get() : null;
    if (proxies != null) {
      // Behind a proxy, the hub's own connection does not show what the client used.
      return ForwardedHeaders.client(request.headers(), peer, proxies);
    }
    return request.isSSL() ? peer.reached("https", null) : peer;
  }

  /** Whether the request comes over a connection of a trusted proxy. */
  public static boolean isProxied(HttpServerRequest request) {
    return ConnectionChannel.of(request.connection()).hasAttr(TRUSTED);
  }

  private static RequestSource peer(Channel connection) {
    RequestSource proxied = connection.hasAttr(PROXIED) ? connection.attr(PROXIED).get() : null;
    if (proxied != null) {
      return proxied;
    }
    return connection.remoteAddress() instanceof InetSocketAddress remote
        ? of(remote.getAddress(), remote.getPort())
        : new RequestSource("unknown", 0, null, null);
  }

  static RequestSource of(InetAddress address, int port) {
    return new RequestSource(NetUtil.toAddressString(address), port, null, null);
  }

  /** A copy with this scheme and authority; null keeps the old value. */
  RequestSource reached(@Nullable String byScheme, @Nullable String at) {
    return new RequestSource(
        host, port, byScheme == null ? scheme : byScheme, at == null ? authority : at);
  }

  /** The address as text: {@code 10.0.0.9:6011}, {@code [2001:db8::1]:6011}. */
  public String address() {
    String bare = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return port == 0 ? bare : bare + ":" + port;
  }

  /** The host of an {@link #address}. */
  public static String hostOf(String address) {
    int end = address.lastIndexOf(address.startsWith("[") ? ']' : ':');
    return end < 0 ? address : address.substring(0, end + (address.startsWith("[") ? 1 : 0));
  }
}
