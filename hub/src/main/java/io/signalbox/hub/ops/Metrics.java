package io.signalbox.hub.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the hub in Prometheus format. Names are {@code signalbox_…}; labels have few
 * values, never a device id.
 *
 * <p>Components request a counter or timer once and keep it; values that they count anyway ({@code
 * gauge}, {@code count}) are read on scrape only, so that they cost nothing on the hot path.
 *
 * <p>Threading: any thread.
 */
public final class Metrics implements AutoCloseable {
  /** Media type of {@link #scrape()}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private @Nullable JvmGcMetrics collections;

  /** Strong references to the suppliers, because the registry holds them weakly. */
  private final Queue<LongSupplier> suppliers = new ConcurrentLinkedQueue<>();

  /** Creates an empty registry. */
  public Metrics() {}

  /** A counter; tags are alternating names and values. */
  public Counter counter(String name, String help, String... tags) {
    return Counter.builder("signalbox." + name).description(help).tags(tags).register(registry);
  }

  /** A counter that a component maintains itself; it must only grow. */
  public void count(String name, String help, LongSupplier value, String... tags) {
    suppliers.add(value);
    FunctionCounter.builder("signalbox." + name, value, LongSupplier::getAsLong)
        .description(help)
        .tags(tags)
        .register(registry);
  }

  /** A total of elapsed time kept elsewhere, read on scrape in milliseconds, shown in seconds. */
  public void seconds(String name, String help, LongSupplier millis) {
    suppliers.add(millis);
    FunctionCounter.builder("signalbox." + name, millis, total -> total.getAsLong() / 1_000.0)
        .description(help)
        .baseUnit("seconds")
        .register(registry);
  }

  /** A value that may rise and fall, read on scrape. */
  public void gauge(String name, String help, DoubleSupplier value, String... tags) {
    Gauge.builder("signalbox." + name, value::getAsDouble)
        .description(help)
        .tags(tags)
        .register(registry);
  }

  /** A timer: count, sum and maximum, in seconds. */
  public Timer timer(String name, String help, String... tags) {
    return Timer.builder("signalbox." + name).description(help).tags(tags).register(registry);
  }

  /** Records an answered HTTP request; the route is a template such as {@code /devices/{id}}. */
  public void request(String method, String route, int status, long nanos) {
    requests(method, route).record(nanos, TimeUnit.NANOSECONDS);
    answers(status).increment();
  }

  /**
   * Creates the meters of such a request in advance; the first one of a kind loads many classes.
   */
  public void expectRequest(String method, String route, int status) {
    requests(method, route).totalTime(TimeUnit.SECONDS);
    answers(status).count();
  }

  private Timer requests(String method, String route) {
    return timer(
        "http.request.duration", "Answered HTTP requests", "method", method, "route", route);
  }

  private Counter answers(int status) {
    return counter("http.responses", "Answers by status", "status", Integer.toString(status));
  }

  /**
   * All metrics in Prometheus format; blocks. The JVM and process metrics are added on the first
   * call, because their management beans load slowly; garbage collector pauses are counted from
   * then on.
   */
  public synchronized String scrape() {
    if (collections == null) {
      collections = addPlatform(registry);
    }
    return registry.scrape();
  }

  private static JvmGcMetrics addPlatform(MeterRegistry registry) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(registry);
    return collections;
  }

  @Override
  public synchronized void close() {
    if (collections != null) {
      collections.close();
    }
    registry.close();
  }
}
