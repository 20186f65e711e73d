package io.signalbox.sim.bench;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ./signalbox bench startup}: startup time of hub and simulator. */
@Command(
    name = "startup",
    description =
        "Measures startup: of the hub to the first acknowledged reading of a device, of the"
            + " simulator to the first reading on the live stream.")
final class StartupBench implements Callable<Integer> {
  private static final long MOST_SECONDS = 60;

  @ParentCommand private Bench bench = new Bench();

  @Option(
      names = "--starts",
      paramLabel = "N",
      defaultValue = "20",
      description = "Starts per program (default: ${DEFAULT-VALUE}).")
  private int starts;

  private final Vertx vertx = Vertx.vertx();

  /**
   * One start.
   *
   * @param cpu seconds, user and system
   * @param wall seconds
   * @param resident MB
   */
  private record Start(double cpu, double wall, double resident) {}

  @Override
  public Integer call() throws Exception {
    Path data = Files.createTempDirectory("signalbox-bench");
    bench.environment().hub(data, 1).close();
    List<Start> ofHub = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      ofHub.add(startHub(data));
    }
    List<Start> ofSimulator = new ArrayList<>();
    try (ServerProcess hub = bench.environment().hub(data, 1)) {
      for (int i = 0; i < starts; i++) {
        ofSimulator.add(startSimulator(hub, "start" + i + "-"));
      }
    }
    System.out.printf(
        "| %d starts: min, median, max | CPU, s | wall, s | resident, MB |%n"
            + "| --- | --- | --- | --- |%n",
        starts);
    print("hub, to first acknowledgement", ofHub);
    print("simulator, to first live reading", ofSimulator);
    vertx.close().await();
    return 0;
  }

  private Start startHub(Path data) throws Exception {
    long began = System.nanoTime();
    try (ServerProcess hub = bench.environment().hub(data, 0);
        WebSocketPool pool = new WebSocketPool(vertx)) {
      Promise<Void> acknowledged = Promise.promise();
      pool.open(
              hub.address(),
              1,
              BenchEnvironment::client,
              socket -> {
                socket.textMessageHandler(
                    frame -> {
                      if (frame.contains("\"ack\"")) {
                        acknowledged.tryComplete();
                      }
                    });
                socket.writeTextMessage(
                    "{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"temperature\":21.5}}");
              })
          .onFailure(acknowledged::tryFail);
      return measured(hub, began, acknowledged);
    }
  }

  private Start startSimulator(ServerProcess hub, String prefix) throws Exception {
    Promise<Void> shown = Promise.promise();
    HttpClient program = vertx.createHttpClient();
    RequestOptions events =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(hub.address().getHost())
            .setPort(hub.address().getPort())
            .setURI("/api/v1/events?topics=telemetry")
            .putHeader("Authorization", "Bearer " + BenchEnvironment.API_KEY);
    HttpClientResponse stream =
        program
            .request(events)
            .compose(request -> request.send())
            .onSuccess(
                response -> {
                  // Only the simulator sends; its prefix distinguishes readings from other events.
                  response.handler(
                      part -> {
                        if (part.toString().contains(prefix)) {
                          shown.tryComplete();
                        }
                      });
                })
            .await();
    List<String> arguments =
        List.of("--devices", "1", "--prefix", prefix, "--rate", "20", "--quiet");
    long began = System.nanoTime();
    try (ServerProcess simulator = bench.environment().simulator(hub.address(), arguments)) {
      return measured(simulator, began, shown);
    } finally {
      stream.request().reset();
      program.close().await();
    }
  }

  private static Start measured(ServerProcess process, long began, Promise<Void> over)
      throws IOException, TimeoutException {
    over.future().await(MOST_SECONDS, TimeUnit.SECONDS);
    double wall = (System.nanoTime() - began) / 1e9;
    return new Start(process.cpuSeconds(), wall, process.residentBytesNow() / 1e6);
  }

  private static void print(String what, List<Start> starts) {
    System.out.printf(
        "| %s | %s | %s | %s |%n",
        what,
        spread(starts, Start::cpu, "%.2f"),
        spread(starts, Start::wall, "%.2f"),
        spread(starts, Start::resident, "%.0f"));
  }

  private static String spread(List<Start> starts, ToDoubleFunction<Start> of, String format) {
    double[] sorted = starts.stream().mapToDouble(of).sorted().toArray();
    String all = String.join(", ", format, format, format);
    return String.format(
        Locale.ROOT, all, sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }
}
