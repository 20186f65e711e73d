package io.signalbox.hub.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Package dependencies and naming rules; docs/architecture.md describes the dependencies. */
class ArchitectureTest {
  private static final String DOMAIN = "telemetry command job fleet recorder devicetype";
  private static final String COMMON = "bus model ops config clock";
  private static final String REDIS = COMMON + " store store.redis wire json keys";

  /** The name of a package in a table of the architecture page. */
  private static final Pattern PACKAGE = Pattern.compile("`([a-z.]+)`");

  /** Each package with the packages on which it may depend. The root package is not restricted. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          rule("config", "text"),
          rule("clock", ""),
          rule("model", ""),
          rule("bus", "model"),
          rule("ops", "model config"),
          rule("json", "text"),
          rule("text", ""),
          rule("wire", "model json text"),
          rule("http.netty", "model config wire http"),
          rule("websocket", "ops model config http.netty text http"),
          rule("telemetry", COMMON + " devicetype"),
          rule("keys", "clock"),
          rule("longpoll", "model clock"),
          rule("schema", "json model"),
          rule("devicetype", COMMON + " json keys schema"),
          rule("fleet", COMMON + " keys json devicetype"),
          rule("polling", "model config"),
          rule("access", COMMON + " keys"),
          rule("command", COMMON + " fleet json longpoll devicetype"),
          rule("recorder", COMMON),
          rule("deletion", COMMON + " fleet command telemetry recorder"),
          rule("diagnostics", COMMON + " fleet command recorder"),
          rule("job", COMMON + " fleet command json longpoll"),
          rule("gateway", COMMON + " wire polling " + DOMAIN),
          rule("gateway.websocket", COMMON + " wire gateway http websocket " + DOMAIN),
          rule("gateway.http", COMMON + " wire gateway http polling " + DOMAIN),
          rule("http", COMMON + " json wire text"),
          rule("http.auth", COMMON + " access http keys"),
          rule("feed", COMMON + " wire http.auth access fleet"),
          rule("feed.http", COMMON + " feed json wire http http.auth access"),
          rule("feed.websocket", COMMON + " feed wire http http.auth access websocket"),
          rule(
              "api",
              COMMON + " json wire http access http.auth diagnostics deletion longpoll " + DOMAIN),
          rule("cluster", COMMON + " access feed json store.redis"),
          rule("store", "model"),
          rule("store.fleet", COMMON + " json fleet"),
          rule("store.sqlite", COMMON + " store wire"),
          rule(
              "store.sqlite.fleet",
              COMMON
                  + " wire json keys fleet store store.fleet store.sqlite store.sqlite.command"
                  + " store.sqlite.job"),
          rule("store.sqlite.devicetype", COMMON + " devicetype store store.sqlite"),
          rule("store.sqlite.access", COMMON + " wire keys access store store.sqlite"),
          rule(
              "store.sqlite.command",
              COMMON + " wire json fleet command store store.sqlite store.sqlite.job"),
          rule("store.sqlite.recorder", COMMON + " wire recorder store store.sqlite"),
          rule("store.sqlite.job", COMMON + " wire json job store store.sqlite"),
          rule(
              "store.sqlite.telemetry",
              COMMON + " wire telemetry store.sqlite store.telemetry store.telemetry.codec"),
          rule("store.telemetry", "model clock telemetry store.telemetry.codec"),
          rule("store.telemetry.codec", "model"),
          rule("store.redis", COMMON + " store wire json access"),
          rule("store.redis.fleet", REDIS + " fleet store.fleet"),
          rule("store.redis.devicetype", REDIS + " devicetype"),
          rule("store.redis.access", REDIS + " access"),
          rule("store.redis.command", REDIS + " fleet command"),
          rule("store.redis.recorder", REDIS + " recorder"),
          rule("store.redis.job", REDIS + " job"),
          rule(
              "store.redis.telemetry", REDIS + " telemetry store.telemetry store.telemetry.codec"));

  private static final Set<String> DOMAIN_PACKAGES =
      Set.of(
          "telemetry",
          "command",
          "job",
          "fleet",
          "access",
          "recorder",
          "diagnostics",
          "deletion",
          "devicetype",
          "schema");

  @Test
  void every_package_depends_only_on_allowed_packages() {
    classes().should(dependOnlyOnAllowedPackages()).check(HubClasses.MAIN);
  }

  @Test
  void the_architecture_page_lists_every_package() throws IOException {
    Set<String> listed =
        Files.readAllLines(Path.of("../docs/architecture.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", -1)[1])
            .flatMap(cell -> PACKAGE.matcher(cell).results())
            .map(name -> name.group(1))
            .collect(Collectors.toSet());
    // One row describes all packages of a store.
    Set<String> packages =
        ALLOWED.keySet().stream()
            .filter(name -> !name.matches("store\\.(sqlite|redis)\\..*"))
            .collect(Collectors.toSet());

    assertThat(listed).isEqualTo(packages);
  }

  @Test
  void packages_have_no_cycles() {
    slices()
        .matching(HubClasses.ROOT + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("a cycle merges two packages; move the shared code to a lower package")
        .check(HubClasses.MAIN);
  }

  @Test
  void only_segments_compute_positions_of_the_feed() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.feed\\.FeedSegment(\\$.*)?")
        .should()
        .callMethod(HubClasses.ROOT + ".feed.FeedPosition", "plus", "int")
        .orShould()
        .callMethod(
            HubClasses.ROOT + ".feed.FeedPosition", "before", HubClasses.ROOT + ".feed.EntryId")
        .because("the positions of a feed that nodes share are assigned by their store")
        .check(HubClasses.MAIN);
  }

  @Test
  void the_model_depends_only_on_java() {
    classes()
        .that()
        .resideInAPackage(HubClasses.ROOT + ".model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(HubClasses.ROOT + ".model..", "java..", "org.jspecify..")
        .check(HubClasses.MAIN);
  }

  @Test
  void domain_packages_use_no_transport_and_no_sql() {
    noClasses()
        .that(resideIn(DOMAIN_PACKAGES))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx.core.http..",
            "io.vertx.core.net..",
            "io.vertx.ext..",
            "io.netty..",
            "java.sql..",
            "org.sqlite..")
        .because("domain code must not depend on transport or storage; use a port")
        .check(HubClasses.MAIN);
  }

  @Test
  void only_the_sqlite_store_uses_sql() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HubClasses.ROOT + ".store.sqlite..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.sqlite..")
        .check(HubClasses.MAIN);
  }

  @Test
  void class_names_avoid_banned_suffixes() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Helper|Utils?|Factory)$")
        .orShould()
        .haveNameMatching(".*[.$](Abstract|Default)[A-Z]\\w*$")
        .because("the name must say what the class is: SessionRegistry, not SessionManager")
        .check(HubClasses.MAIN);
  }

  @Test
  void simple_class_names_are_unique() {
    Stream<Path> sources =
        Stream.of("src/main/java", "src/test/java")
            .flatMap(folder -> JavaSources.under(Path.of(folder)).stream());
    assertThat(sources)
        .as("two classes with one simple name are confused in imports, logs and stack traces")
        .filteredOn(source -> !source.endsWith("package-info.java"))
        .extracting(source -> source.getFileName().toString())
        .doesNotHaveDuplicates();
  }

  @Test
  void an_interface_has_two_implementations_or_is_a_port_between_packages() {
    classes()
        .that(areInterfacesToImplement())
        .should(notHaveASingleImplementation())
        .allowEmptyShould(true)
        .check(HubClasses.MAIN);
  }

  private static Map.Entry<String, Set<String>> rule(String name, String allowed) {
    return entry(name, allowed.isEmpty() ? Set.of() : Set.of(allowed.split(" ")));
  }

  private static ArchCondition<JavaClass> dependOnlyOnAllowedPackages() {
    return new ArchCondition<>("depend only on allowed packages") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String packageName = HubClasses.packageOf(type);
        if (packageName.isEmpty()) {
          return; // the root package may depend on all packages
        }
        Set<String> allowed = ALLOWED.get(packageName);
        if (allowed == null) {
          String line = packageName + " has no rule; add one to ALLOWED";
          events.add(SimpleConditionEvent.violated(type, line));
          return;
        }
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> isForeign(dependency, packageName, allowed))
            .forEach(
                each -> events.add(SimpleConditionEvent.violated(each, each.getDescription())));
      }
    };
  }

  private static boolean isForeign(Dependency dependency, String packageName, Set<String> allowed) {
    JavaClass target = dependency.getTargetClass().getBaseComponentType();
    String other =
        HubClasses.packageOf(
            target.getPackageName().startsWith(HubClasses.ROOT)
                ? target
                : dependency.getOriginClass());
    return HubClasses.isOurs(target) && !other.equals(packageName) && !allowed.contains(other);
  }

  private static DescribedPredicate<JavaClass> resideIn(Set<String> packageNames) {
    return DescribedPredicate.describe(
        "reside in " + new TreeSet<>(packageNames),
        type -> HubClasses.isOurs(type) && packageNames.contains(HubClasses.packageOf(type)));
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

  /** An implementation in another package is allowed: the interface inverts a dependency. */
  private static boolean isInSamePackage(JavaClass implementation, JavaClass type) {
    return implementation.isTopLevelClass()
        && HubClasses.packageOf(implementation).equals(HubClasses.packageOf(type));
  }

  private static long abstractMethods(JavaClass type) {
    return type.getMethods().stream()
        .filter(method -> method.getModifiers().contains(JavaModifier.ABSTRACT))
        .count();
  }

  private static ArchCondition<JavaClass> notHaveASingleImplementation() {
    return new ArchCondition<>(
        "not have a single implementation in the same package; remove the interface") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        List<JavaClass> all = List.copyOf(type.getAllSubclasses());
        if (all.size() == 1 && isInSamePackage(all.getFirst(), type)) {
          String line = type.getName() + " has a single implementation, in its own package";
          events.add(SimpleConditionEvent.violated(type, line));
        }
      }
    };
  }
}
