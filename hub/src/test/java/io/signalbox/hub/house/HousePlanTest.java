package io.signalbox.hub.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may know whom: docs/architecture.md has the same table in prose. */
class HousePlanTest {
  private static final String MIDDLE = "telemetry command job fleet recorder";
  private static final String COMMON = "bus model ops config clock";

  /** Each room, and which rooms it may know. The root, which knows everything, is not here. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          room("config", "text"),
          room("clock", ""),
          room("model", ""),
          room("bus", "model"),
          room("ops", "model config"),
          room("json", ""),
          room("text", ""),
          room("wire", "model json text"),
          room("entrance", "model config wire http"),
          room("socket", "ops model config entrance text http"),
          room("telemetry", COMMON),
          room("keys", ""),
          room("waiting", "model clock"),
          room("fleet", COMMON + " keys json"),
          room("polling", "model config"),
          room("polling.bench", "polling"),
          room("access", COMMON + " keys"),
          room("command", COMMON + " fleet json waiting"),
          room("recorder", COMMON),
          room("deletion", COMMON + " fleet command telemetry recorder"),
          room("why", COMMON + " fleet command recorder"),
          room("job", COMMON + " fleet command json waiting"),
          room("gateway", COMMON + " wire polling " + MIDDLE),
          room("gateway.websocket", COMMON + " wire gateway http socket " + MIDDLE),
          room("gateway.http", COMMON + " wire gateway http polling " + MIDDLE),
          room("http", COMMON + " json wire text"),
          room("admission", COMMON + " access http keys"),
          room("live", COMMON + " wire http access admission socket " + MIDDLE),
          room("api", COMMON + " json wire http access admission why deletion waiting " + MIDDLE),
          room("store.embedded", COMMON + " wire"),
          room("store.embedded.fleet", COMMON + " wire json keys fleet store.embedded"),
          room("store.embedded.access", COMMON + " wire keys access store.embedded"),
          room("store.embedded.command", COMMON + " wire fleet command store.embedded"),
          room("store.embedded.recorder", COMMON + " wire recorder store.embedded"),
          room("store.embedded.job", COMMON + " wire job store.embedded"),
          room(
              "store.embedded.telemetry",
              COMMON + " wire telemetry store.embedded store.embedded.telemetry.codec"),
          room("store.embedded.telemetry.codec", COMMON));

  private static final Set<String> MIDDLE_ROOMS =
      Set.of("telemetry", "command", "job", "fleet", "access", "recorder", "why", "deletion");

  @Test
  void every_room_is_on_the_plan_and_knows_only_whom_it_may_know() {
    classes().should(knowOnlyWhomTheyMay()).check(House.MAIN);
  }

  @Test
  void there_are_no_circles_between_rooms() {
    slices()
        .matching(House.ROOT + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("a circle makes two rooms one: move what both need to the room below")
        .check(House.MAIN);
  }

  @Test
  void the_model_is_plain_java() {
    classes()
        .that()
        .resideInAPackage(House.ROOT + ".model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(House.ROOT + ".model..", "java..", "org.jspecify..")
        .check(House.MAIN);
  }

  @Test
  void middle_rooms_know_futures_and_timers_but_no_transport_and_no_sql() {
    noClasses()
        .that(liveIn(MIDDLE_ROOMS))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx.core.http..",
            "io.vertx.core.net..",
            "io.vertx.ext..",
            "io.netty..",
            "java.sql..",
            "org.sqlite..")
        .because("they must not care how a message came or where it is kept: use a port")
        .check(House.MAIN);
  }

  @Test
  void only_the_embedded_store_speaks_sql() {
    noClasses()
        .that()
        .resideOutsideOfPackage(House.ROOT + ".store.embedded..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.sqlite..")
        .check(House.MAIN);
  }

  @Test
  void things_are_named_after_what_they_are_in_the_house() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Helper|Utils?|Factory)$")
        .orShould()
        .haveNameMatching(".*[.$](Abstract|Default)[A-Z]\\w*$")
        .because("a pattern's name says nothing about the thing: PostOffice, not MessageManager")
        .check(House.MAIN);
  }

  @Test
  void an_interface_has_two_implementations_or_is_a_wall_between_rooms() {
    classes()
        .that(areInterfacesToImplement())
        .should(notHaveASingleImplementation())
        .allowEmptyShould(true)
        .check(House.MAIN);
  }

  private static Map.Entry<String, Set<String>> room(String name, String mayKnow) {
    return entry(name, mayKnow.isEmpty() ? Set.of() : Set.of(mayKnow.split(" ")));
  }

  private static ArchCondition<JavaClass> knowOnlyWhomTheyMay() {
    return new ArchCondition<>("know only whom the plan lets them know") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String room = House.roomOf(type);
        if (room.isEmpty()) {
          return; // the root knows everything
        }
        Set<String> allowed = MAY_KNOW.get(room);
        if (allowed == null) {
          String line = room + " is not on the plan: give it a line in MAY_KNOW";
          events.add(SimpleConditionEvent.violated(type, line));
          return;
        }
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> isForeign(dependency, room, allowed))
            .forEach(
                each -> events.add(SimpleConditionEvent.violated(each, each.getDescription())));
      }
    };
  }

  private static boolean isForeign(Dependency dependency, String room, Set<String> allowed) {
    JavaClass target = dependency.getTargetClass().getBaseComponentType();
    String other =
        House.roomOf(
            target.getPackageName().startsWith(House.ROOT) ? target : dependency.getOriginClass());
    return House.isOurs(target) && !other.equals(room) && !allowed.contains(other);
  }

  private static DescribedPredicate<JavaClass> liveIn(Set<String> rooms) {
    return DescribedPredicate.describe(
        "live in " + new TreeSet<>(rooms),
        type -> House.isOurs(type) && rooms.contains(House.roomOf(type)));
  }

  private static DescribedPredicate<JavaClass> areInterfacesToImplement() {
    return DescribedPredicate.describe(
        "are interfaces other than functions, annotations and store ports",
        type ->
            type.isInterface()
                && !type.getSimpleName().equals("package-info")
                && !type.isAnnotation()
                && !type.getSimpleName().endsWith("Store")
                && abstractMethods(type) != 1);
  }

  /** One in another room is a wall: the lower room calls back without knowing the higher one. */
  private static boolean isItsTwin(JavaClass implementation, JavaClass type) {
    return implementation.isTopLevelClass()
        && House.roomOf(implementation).equals(House.roomOf(type));
  }

  private static long abstractMethods(JavaClass type) {
    return type.getMethods().stream()
        .filter(method -> method.getModifiers().contains(JavaModifier.ABSTRACT))
        .count();
  }

  private static ArchCondition<JavaClass> notHaveASingleImplementation() {
    return new ArchCondition<>("not have a single implementation: let the class stand alone") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        List<JavaClass> all = List.copyOf(type.getAllSubclasses());
        if (all.size() == 1 && isItsTwin(all.getFirst(), type)) {
          String line = type.getName() + " has a single implementation, in its own room";
          events.add(SimpleConditionEvent.violated(type, line));
        }
      }
    };
  }
}
