package io.signalbox.hub.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import io.signalbox.hub.Main;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** APIs that the hub must not use, and their replacements. */
class ForbiddenApisTest {
  /** The table of docs/decisions/0022-internals-of-vertx.md. */
  private static final Set<String> USERS_OF_INTERNALS =
      Set.of(
          HubClasses.ROOT + ".feed.http.LongPollClient",
          HubClasses.ROOT + ".feed.http.SseClient",
          HubClasses.ROOT + ".http.ConnectionChannel",
          HubClasses.ROOT + ".http.netty.Http2Preface",
          HubClasses.ROOT + ".websocket.WebSocketConnection",
          HubClasses.ROOT + ".websocket.WebSocketLoop",
          HubClasses.ROOT + ".websocket.WebSocketUpgrade");

  @Test
  void only_main_prints() {
    classesOtherThanMain()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .because("standard output is for machine-readable lines; use the class's logger")
        .check(HubClasses.MAIN);
  }

  @Test
  void only_main_exits_the_process() {
    classesOtherThanMain()
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .because("only Main decides to exit; fail the future or throw")
        .check(HubClasses.MAIN);
  }

  @Test
  void only_main_waits_for_futures() {
    classesOtherThanMain()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "block until a future completes",
                call -> blocks(call.getTargetOwner(), call.getName())))
        .because("a blocked event loop stops all of its devices; compose futures instead")
        .check(HubClasses.MAIN);
  }

  @Test
  void only_request_source_reads_the_client_address() {
    noClasses()
        .should()
        .callMethod(HttpServerRequest.class, "remoteAddress")
        .orShould()
        .callMethod(HttpConnection.class, "remoteAddress")
        .because("behind a proxy this is the proxy's address; use RequestSource")
        .check(HubClasses.MAIN);
  }

  @Test
  void no_class_calls_thread_sleep() {
    noSleepIn(HubClasses.MAIN, "use vertx.timer or wait for a condition");
    noSleepIn(HubClasses.TESTS, "wait for a condition with a deadline");
  }

  @Test
  void only_java_time_is_used() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Date")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Calendar")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.text.SimpleDateFormat")
        .because("use Unix milliseconds as a long, or java.time")
        .check(HubClasses.MAIN);
  }

  @Test
  void only_the_clock_reads_the_wall_clock() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HubClasses.ROOT + ".clock")
        .and()
        .doNotHaveFullyQualifiedName(
            "io.signalbox.hub.http.ResponseHeaders") // writes the Date header
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "read the wall clock", call -> isTimeOfDay(call.getTargetOwner(), call.getName())))
        .because("use WallClock for stored times and MonotonicClock for durations")
        .check(HubClasses.MAIN);
  }

  @Test
  void no_class_uses_java_util_logging() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "io.vertx.core.internal.logging..")
        .because("the hub logs through slf4j")
        .check(HubClasses.MAIN);
  }

  @Test
  void only_listed_classes_use_internals_of_vertx() {
    noClasses()
        .that(
            DescribedPredicate.describe(
                "are not in the table of decision 0022",
                type -> !USERS_OF_INTERNALS.contains(type.getName())))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..")
        .because("Vert.x may change its internals in any release; use its public API or Netty's")
        .check(HubClasses.MAIN);
  }

  private static void noSleepIn(JavaClasses classes, String instead) {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .because(instead)
        .check(classes);
  }

  private static GivenClassesConjunction classesOtherThanMain() {
    return noClasses().that().doNotBelongToAnyOf(Main.class);
  }

  private static boolean isTimeOfDay(JavaClass owner, String method) {
    return switch (method) {
      case "currentTimeMillis" -> owner.isEquivalentTo(System.class);
      case "now" -> owner.getPackageName().equals("java.time");
      case "instant", "millis", "systemUTC" -> owner.isAssignableTo(java.time.Clock.class);
      default -> false;
    };
  }

  private static boolean blocks(JavaClass owner, String method) {
    return switch (method) {
      case "await" -> owner.isAssignableTo(io.vertx.core.Future.class);
      case "get", "join" -> owner.isAssignableTo(Future.class);
      default -> false;
    };
  }
}
