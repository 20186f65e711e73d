package io.signalbox.sim.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;

/** Plain Vert.x WebSocket echo server, the baseline of the benchmarks. */
final class EchoServer extends VerticleBase {
  private EchoServer() {}

  /** Listens on a free port and prints it in the hub's format. */
  public static void main(String[] none) {
    Vertx vertx = Vertx.vertx();
    int loops = Runtime.getRuntime().availableProcessors();
    vertx
        .deployVerticle(EchoServer::new, new DeploymentOptions().setInstances(loops))
        .onFailure(Throwable::printStackTrace);
  }

  @Override
  public Future<?> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setWebSocketSubProtocols(List.of("signalbox.v1.json"))
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false);
    return vertx
        .createHttpServer(options)
        .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
        .listen(SocketAddress.sharedRandomPort(1, "127.0.0.1"))
        .onSuccess(
            server -> System.out.println("listening on http://127.0.0.1:" + server.actualPort()));
  }
}
