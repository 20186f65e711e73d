package io.signalbox.hub;

import io.signalbox.hub.access.AdminBootstrap;
import io.signalbox.hub.config.InvalidConfigException;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.ops.LogConfigurator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a hub: read the configuration, build, start, wait for the end, stop. */
public final class Main {
  /** Replay of a large journal is the longest part of a start. */
  private static final int START_MINUTES = 10;

  private Main() {}

  /** Exit codes: 0 after an orderly stop, 69, 74, 78 as {@code StartupException} says. */
  public static void main(String[] arguments) {
    try {
      switch (CommandLine.read(List.of(arguments), System.getenv())) {
        case CommandLine.Print say -> System.out.print(say.text());
        case CommandLine.Run run -> run(run.config());
      }
    } catch (InvalidConfigException wrong) {
      wrong.faults().forEach(Main::complain);
      System.exit(StartupException.CONFIG);
    } catch (StartupException failure) {
      complain(failure.line());
      System.exit(failure.exitCode());
    } catch (Refusal refused) {
      complain("data: " + refused.detail());
      System.exit(StartupException.IO);
    } catch (TimeoutException tooSlow) {
      complain("the hub did not start in time");
      System.exit(StartupException.UNAVAILABLE);
    } catch (RuntimeException unforeseen) {
      complain("the hub failed: " + unforeseen);
      System.exit(StartupException.SOFTWARE);
    }
  }

  private static void run(HubConfig config) throws TimeoutException {
    LogConfigurator.prepare(config.logLevel().name());
    Hub hub = Hub.build(config);
    Hub.Started started = hub.start().await(START_MINUTES, TimeUnit.MINUTES);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(hub, config), "stop"));
    StopSignals.handle(() -> System.exit(0), hub::skipDrainTime);
    if (started.bootstrap() instanceof AdminBootstrap.Generated made) {
      System.out.print(printBanner(made.key(), started.address()));
    }
    System.out.println("listening on " + started.address());
  }

  private static void stop(Hub hub, HubConfig config) {
    try {
      hub.drain().await(config.drainTime().toMillis() + 1_000, TimeUnit.MILLISECONDS);
      hub.stop().await(config.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
      // A signal would end the process as 143, but this end is in order.
      Runtime.getRuntime().halt(0);
    } catch (TimeoutException tooSlow) {
      complain("stopTimeout: not all was closed in " + config.stopTimeout().toSeconds() + " s");
      Runtime.getRuntime().halt(1);
    }
  }

  private static String printBanner(String key, String address) {
    return """
        admin key: %s
          Shown this once: the hub keeps only a hash of it. Sign in to the console with it at %s
          or send it with every call: curl -H "Authorization: Bearer $KEY" %s/api/v1/devices
        """
        .formatted(key, address, address);
  }

  private static void complain(String line) {
    System.err.println("hub: " + line);
  }
}
