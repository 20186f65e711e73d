package io.signalbox.hub;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT (Ctrl-C). Java tells nobody of a second one, so this goes to {@code
 * sun.misc.Signal}; by reflection, as the compiler warns of that class and cannot be told not to.
 *
 * <p>Threading: each signal comes on a thread of its own.
 */
final class StopSignals {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

  private StopSignals() {}

  /**
   * Handles both signals from now on; where that is not possible, Java goes on handling the first.
   *
   * @param first is run for the first signal, and may block
   * @param next is run for every other one
   */
  static void handle(Runnable first, Runnable next) {
    AtomicBoolean stopping = new AtomicBoolean();
    try {
      for (String name : List.of("TERM", "INT")) {
        handle(name, () -> (stopping.getAndSet(true) ? next : first).run());
      }
    } catch (ReflectiveOperationException | IllegalArgumentException impossible) {
      LOG.debug("A second signal will not be heard", impossible);
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
      default -> "the hub's handler of signals";
    };
  }
}
