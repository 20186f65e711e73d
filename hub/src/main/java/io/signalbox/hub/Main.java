package io.signalbox.hub;

import io.signalbox.hub.config.InvalidConfigException;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.ops.LogConfigurator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Entry point: reads the configuration, starts the hub, waits for the end and stops it. */
public final class Main {
  /** The longest part of a start is the replay of a large journal. */
  private static final int START_MINUTES = 10;

  private Main() {}

  /** Exit codes: 0 after an orderly stop, 69, 70, 74 and 78 as in {@code StartupException}. */
  public static void main(String[] arguments) {
    try {
      switch (HubCommandLine.read(List.of(arguments), System.getenv())) {
        case HubCommandLine.Print print -> System.out.print(print.text());
        case HubCommandLine.Run run -> run(run.config());
      }
    } catch (InvalidConfigException wrong) {
      wrong.faults().forEach(Main::printError);
      System.exit(StartupException.CONFIG);
    } catch (StartupException failure) {
      printError(failure.line());
      System.exit(failure.exitCode());
    } catch (Refusal refused) {
      printError("data: " + refused.detail());
      System.exit(StartupException.IO);
    } catch (TimeoutException tooSlow) {
      printError("the hub did not start within " + START_MINUTES + " min");
      System.exit(StartupException.UNAVAILABLE);
    } catch (RuntimeException unforeseen) {
      printError("internal error: " + unforeseen);
      System.exit(StartupException.SOFTWARE);
    }
  }

  private static void run(HubConfig config) throws TimeoutException {
    LogConfigurator.prepare(config.logLevel().name());
    Hub hub = Hub.build(config).await(START_MINUTES, TimeUnit.MINUTES);
    String address = hub.start(Main::printAdminKey).await(START_MINUTES, TimeUnit.MINUTES);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(hub, config), "stop"));
    StopSignals.handle(() -> System.exit(0), hub::skipDrainTime);
    System.out.println("listening on " + address);
  }

  private static void stop(Hub hub, HubConfig config) {
    try {
      hub.drain().await(config.drainTime().toMillis() + 1_000, TimeUnit.MILLISECONDS);
      hub.stop().await(config.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
      // A signal would end the process with 143, but this stop is orderly.
      Runtime.getRuntime().halt(0);
    } catch (TimeoutException tooSlow) {
      printError("stopTimeout: stop not finished after " + config.stopTimeout().toSeconds() + " s");
      Runtime.getRuntime().halt(1);
    }
  }

  private static void printAdminKey(String key) {
    System.out.print(
        """
        admin key: %s
          Shown once: the hub stores only a hash of it. Sign in to the console with it, or send it
          with every request: Authorization: Bearer <admin key>
        """
            .formatted(key));
  }

  private static void printError(String line) {
    System.err.println("signalbox hub: " + line);
  }
}
