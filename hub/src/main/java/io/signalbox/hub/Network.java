package io.signalbox.hub;

import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.signalbox.hub.http.netty.ProtocolDetectingTransport;
import io.signalbox.hub.http.netty.TcpPeerTimeouts;
import io.signalbox.hub.http.netty.TrustedProxies;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/**
 * The event loops of a hub, and what the transport of their listeners shares.
 *
 * @param proxies whose headers count
 * @param faults counts malformed connections
 */
record Network(TrustedProxies proxies, ConnectionErrorMetrics faults, Vertx vertx) {
  static Network of(HubConfig config) {
    TrustedProxies proxies =
        new TrustedProxies(config.http().proxies(), config.http().headerTimeout());
    TcpPeerTimeouts timeouts = TcpPeerTimeouts.of(config.gateway().heartbeatSeconds());
    ConnectionErrorMetrics faults = new ConnectionErrorMetrics(timeouts);
    Vertx vertx =
        Vertx.builder()
            .with(loops())
            .withTransport(
                ProtocolDetectingTransport.transport(
                    timeouts, config.http().headerTimeout(), proxies, faults))
            .build();
    return new Network(proxies, faults, vertx);
  }

  /** One instance for each event loop. */
  static DeploymentOptions deploymentPerLoop() {
    return new DeploymentOptions().setInstances(loops().getEventLoopPoolSize());
  }

  /** As many event loops as processors. */
  private static VertxOptions loops() {
    return new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors());
  }
}
