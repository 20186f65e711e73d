package io.signalbox.testsupport;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Default timeout and poll interval of {@code await()} in all tests; the timeout is long enough for
 * a busy machine. JUnit finds this class by {@code META-INF/services}.
 */
public final class WaitDefaults implements LauncherSessionListener {
  private static final Duration AT_MOST = Duration.ofMinutes(3);
  private static final Duration INTERVAL = Duration.ofMillis(5);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(AT_MOST);
    Awaitility.setDefaultPollInterval(INTERVAL);
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    // Conditions may use objects that are confined to the test's thread.
    Awaitility.pollInSameThread();
  }
}
