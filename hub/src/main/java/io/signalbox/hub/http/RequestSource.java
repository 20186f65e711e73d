package io.signalbox.hub.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.signalbox.hub.config.AddressRanges;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, and what it asked for in the eyes of the client: as the connection says, or
 * as trusted proxies say. The only place that knows; whatever limits, records, logs or compares
 * addresses asks here.
 *
 * @param host the client's IP address, IPv6 without brackets
 * @param port of the client; 0 if it is not known
 * @param scheme {@code http} or {@code https}; null if it is not known, as TLS may end in front of
 *     the hub without a word
 * @param authority the host, and the port if it is not the scheme's, that the client asked; null
 *     for that of the request itself
 */
public record RequestSource(
    String host, int port, @Nullable String scheme, @Nullable String authority) {
  private static final AttributeKey<AddressRanges> TRUSTED =
      AttributeKey.valueOf("signalbox.trustedProxies");
  private static final AttributeKey<RequestSource> PROXIED =
      AttributeKey.valueOf("signalbox.proxied");

  /** The peer of a connection is a trusted proxy. Before the first request. */
  public static void trust(Channel connection, AddressRanges proxies) {
    connection.attr(TRUSTED).set(proxies);
  }

  /**
   * The peer of a connection has said, by the PROXY protocol, whose connection it is. Whether that
   * one is a proxy to be trusted is another question. Before the first request.
   *
   * @param secure whether the client uses TLS; null if that was not said
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

  /** Who sends the request. */
  public static RequestSource of(HttpServerRequest request) {
    Channel connection = ((ConnectionBase) request.connection()).channel();
    RequestSource peer = peer(connection);
    AddressRanges proxies = connection.hasAttr(TRUSTED) ? connection.attr(TRUSTED).get() : null;
    if (proxies != null) {
      // Of the client's way to the proxy, the proxy's way to the hub says nothing.
      return ForwardedHeaders.client(request.headers(), peer, proxies);
    }
    return request.isSSL() ? peer.reached("https", null) : peer;
  }

  /** Whether the request comes over a connection of a trusted proxy. */
  public static boolean isProxied(HttpServerRequest request) {
    return ((ConnectionBase) request.connection()).channel().hasAttr(TRUSTED);
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

  /** The same, having asked for that; what is null is as it was. */
  RequestSource reached(@Nullable String byScheme, @Nullable String at) {
    return new RequestSource(
        host, port, byScheme == null ? scheme : byScheme, at == null ? authority : at);
  }

  /** The address as people read it: {@code 10.0.0.9:6011}, {@code [2001:db8::1]:6011}. */
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
