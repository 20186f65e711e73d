package io.signalbox.sim.report;

import io.signalbox.sim.api.HubApi;
import io.signalbox.sim.api.HubApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.LongSummaryStatistics;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Verifies that the hub's history contains every acknowledged reading exactly once with its value.
 * Streams each device's raw history of the run's time span, a few devices at a time. Retries an
 * unreachable hub until the timeout.
 *
 * <p>Threading: runs on the context that calls {@link #run}.
 */
public final class Verification {
  private static final int LANES = 4;
  private static final long ASK_AGAIN_MILLIS = 500;

  private final Vertx vertx;
  private final HubApi api;
  private final long giveUpNanos;

  /** Creates a verification that fails if the hub is unreachable for {@code patience}. */
  public Verification(Vertx vertx, HubApi api, Duration patience) {
    this.vertx = vertx;
    this.api = api;
    this.giveUpNanos = System.nanoTime() + patience.toNanos();
  }

  /** Compares all devices; fails only if the history cannot be read. */
  public Future<VerificationResult> run(Iterable<SentReadings> sentByDevice) {
    Iterator<SentReadings> queue = sentByDevice.iterator();
    var lanes =
        IntStream.range(0, LANES).mapToObj(n -> lane(queue, VerificationResult.NONE)).toList();
    return Future.all(lanes)
        .map(
            all ->
                lanes.stream()
                    .map(Future::result)
                    .reduce(VerificationResult.NONE, VerificationResult::plus));
  }

  private Future<VerificationResult> lane(Iterator<SentReadings> queue, VerificationResult soFar) {
    return queue.hasNext()
        ? compared(queue.next()).compose(found -> lane(queue, soFar.plus(found)))
        : Future.succeededFuture(soFar);
  }

  private Future<VerificationResult> compared(SentReadings sent) {
    return sent.isEmpty()
        ? Future.succeededFuture(VerificationResult.NONE)
        : read(sent).recover(fault -> again(sent, fault));
  }

  private Future<VerificationResult> read(SentReadings sent) {
    HistoryReader history = new HistoryReader(new HistoryComparison(sent));
    return api.stream(path(sent), history::take).compose(end -> history.end());
  }

  private Future<VerificationResult> again(SentReadings sent, Throwable fault) {
    boolean settled = fault instanceof HubApiException refused && !refused.isRetryable();
    return settled || System.nanoTime() > giveUpNanos
        ? Future.failedFuture(fault)
        : vertx.timer(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS).compose(now -> compared(sent));
  }

  private static String path(SentReadings sent) {
    TreeSet<String> metrics = new TreeSet<>(sent.acked().keySet());
    metrics.addAll(sent.doubtful().keySet());
    LongSummaryStatistics span = sent.span();
    String wanted =
        metrics.stream().map(name -> "metric=" + encoded(name)).collect(Collectors.joining("&"));
    return "/devices/"
        + encoded(sent.device())
        + "/telemetry?"
        + wanted
        + "&from="
        + span.getMin()
        + "&to="
        + (span.getMax() + 1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
