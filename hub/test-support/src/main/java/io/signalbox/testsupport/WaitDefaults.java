package io.signalbox.testsupport;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long {@code await()} waits at most and how often it looks, in every test: long enough for a
 * machine that is busy with other things. JUnit finds this class by {@code META-INF/services}.
 */
public final class WaitDefaults implements LauncherSessionListener {
  private static final Duration AT_MOST = Duration.ofSeconds(180);
  private static final Duration INTERVAL = Duration.ofMillis(5);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(AT_MOST);
    Awaitility.setDefaultPollInterval(INTERVAL);
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    // A condition may look at what belongs to the test's thread.
    Awaitility.pollInSameThread();
  }
}
