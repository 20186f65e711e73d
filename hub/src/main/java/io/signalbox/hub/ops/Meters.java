package io.signalbox.hub.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
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

/**
 * The hub's meters, in Prometheus' words. Names are {@code signalbox_…}; labels have few values,
 * never a device's id.
 *
 * <p>Rooms ask for a counter or timer once and keep it; what they count anyway ({@code gauge},
 * {@code count}) is read only when somebody scrapes, so that it costs nothing on the hot path.
 *
 * <p>Threading: any thread.
 */
public final class Meters implements AutoCloseable {
  /** Media type of {@link #scrape()}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** The registry itself holds what it counts weakly. */
  private final Queue<LongSupplier> counted = new ConcurrentLinkedQueue<>();

  /** Meters of this JVM and process; the rooms add theirs. */
  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** A counter; tags are alternating names and values. */
  public Counter counter(String name, String help, String... tags) {
    return Counter.builder("signalbox." + name).description(help).tags(tags).register(registry);
  }

  /** A counter that somebody keeps already and that only grows. */
  public void count(String name, String help, LongSupplier value, String... tags) {
    counted.add(value);
    FunctionCounter.builder("signalbox." + name, value, LongSupplier::getAsLong)
        .description(help)
        .tags(tags)
        .register(registry);
  }

  /** A value that goes up and down, read at every scrape. */
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

  /** One answered HTTP request; the route is a template such as {@code /devices/{id}}. */
  public void request(String method, String route, int status, long nanos) {
    timer("http.requests", "Answered HTTP requests", "method", method, "route", route)
        .record(nanos, TimeUnit.NANOSECONDS);
    counter("http.answers", "Answers by status", "status", Integer.toString(status)).increment();
  }

  /** Everything, as Prometheus reads it. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
