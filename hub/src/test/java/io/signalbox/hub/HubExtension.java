package io.signalbox.hub;

import io.signalbox.hub.api.TestHub;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ModifierSupport;

/** Starts and closes the hubs of {@link StartHub}, and adds the hub's log to a failure. */
final class HubExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        ParameterResolver,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {
  private static final Namespace HUBS = Namespace.create(HubExtension.class);

  private final HubLog log = HubLog.capture();

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    inject(context, null, ModifierSupport::isStatic);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
      inject(context, instance, ModifierSupport::isNotStatic);
    }
  }

  private void inject(ExtensionContext context, @Nullable Object instance, Predicate<Field> which)
      throws IllegalAccessException {
    Class<?> type = instance == null ? context.getRequiredTestClass() : instance.getClass();
    for (Field field :
        AnnotationSupport.findAnnotatedFields(
            type, StartHub.class, which, HierarchyTraversalMode.TOP_DOWN)) {
      field.setAccessible(true);
      StartHub wanted = field.getAnnotation(StartHub.class);
      field.set(instance, start(context, field, field.getType(), wanted));
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.isAnnotated(StartHub.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    StartHub wanted = parameter.findAnnotation(StartHub.class).orElseThrow();
    return start(context, parameter.getParameter(), parameter.getParameter().getType(), wanted);
  }

  /** Starts a hub that is closed with the context. */
  private static Object start(
      ExtensionContext context, Object place, Class<?> type, StartHub wanted) {
    HubWithData hub = HubWithData.start(type, wanted.value());
    context.getStore(HUBS).put(place, hub);
    return hub.hub();
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw log.addTo(failure);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw log.addTo(failure);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw log.addTo(failure);
  }

  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw log.addTo(failure);
  }

  @Override
  public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw log.addTo(failure);
  }

  /** A hub in its own directory, closed by JUnit's store. */
  private record HubWithData(Object hub, Runnable stop, Path data) implements AutoCloseable {
    static HubWithData start(Class<?> type, String... settings) {
      Path data = TemporaryDirectory.create("signalbox-test-");
      if (type == RunningHub.class) {
        RunningHub hub = RunningHub.start(data, settings);
        return new HubWithData(hub, hub::close, data);
      }
      if (type == TestHub.class && settings.length == 0) {
        TestHub hub = new TestHub(data);
        return new HubWithData(hub, hub::close, data);
      }
      throw new IllegalArgumentException(
          "@StartHub: expected a RunningHub, or a TestHub without settings, got "
              + type.getSimpleName()
              + " with "
              + settings.length
              + " settings");
    }

    @Override
    public void close() throws IOException {
      stop.run();
      TemporaryDirectory.delete(data);
    }
  }
}
