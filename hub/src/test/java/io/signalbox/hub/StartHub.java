package io.signalbox.hub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A running hub for a test, on a free port and in a temporary directory that goes with it: a {@link
 * RunningHub}, or the API alone as an {@code api.TestHub}.
 *
 * <ul>
 *   <li>On a static field: one hub for all tests of the class.
 *   <li>On an instance field: one hub per test.
 *   <li>On a parameter of a test or of a {@code @BeforeEach}: a hub for that test alone.
 * </ul>
 *
 * <p>The hub is closed after the tests. A failure shows the hub's log.
 */
@Documented
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(HubExtension.class)
public @interface StartHub {
  /** More settings, as on the command line: {@code {"--gateway-command-lease", "1s"}}. */
  String[] value() default {};
}
