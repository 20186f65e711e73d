package io.signalbox.hub;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handlers of SIGTERM and SIGINT (Ctrl-C). A shutdown hook does not see a second signal, so this
 * uses {@code sun.misc.Signal}; by reflection, because the compiler warning about that class cannot
 * be suppressed.
 *
 * <p>Threading: each signal is handled on its own thread.
 */
final class StopSignals {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

  private StopSignals() {}

  /**
   * Installs handlers of both signals; where that is not possible, the JVM still handles the first.
   *
   * @param first run for the first signal; may block
   * @param next run for every later signal
   */
  static void handle(Runnable first, Runnable next) {
    AtomicBoolean stopping = new AtomicBoolean();
    try {
      for (String name : List.of("TERM", "INT")) {
        handle(name, () -> (stopping.getAndSet(true) ? next : first).run());
      }
    } catch (ReflectiveOperationException | IllegalArgumentException impossible) {
      LOG.debug("Signal handlers not installed: a second signal has no effect", impossible);
    }
  }

  private static void handle(String name, Runnable step) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object running =
        Proxy.newProxyInstance(
            StopSignals.class.getClassLoader(),
            new Class<?>[] {handler},
            (self, method, arguments) -> answer(self, method.getName(), step, arguments));
    Object toHandle = signal.getConstructor(String.class).newInstance(name);
    signal.getMethod("handle", signal, handler).invoke(null, toHandle, running);
  }

  private static @Nullable Object answer(
      Object self, String method, Runnable step, Object @Nullable [] arguments) {
    return switch (method) {
      case "handle" -> {
        step.run();
        yield null;
      }
      case "equals" ->
          arguments != null
              && System.identityHashCode(self) == System.identityHashCode(arguments[0]);
      case "hashCode" -> System.identityHashCode(self);
      default -> "signal handler of the hub";
    };
  }
}
