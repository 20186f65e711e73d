package io.signalbox.types;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.signalbox.cli.CommandLineConventions;
import io.signalbox.types.api.HubException;
import io.signalbox.types.api.TypesClient;
import io.signalbox.types.api.TypesClient.StoredType;
import io.signalbox.types.file.TypeDefinition;
import io.signalbox.types.file.TypeFile;
import io.signalbox.types.model.UnmappedMember;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./signalbox types import}. All files are read, and the hub validates all definitions,
 * before the first is stored.
 */
@Command(
    name = "import",
    description = {
      "Defines device types in a running hub, from files.",
      "",
      "Files are device types, W3C Thing Models or Thing Descriptions, or DTDL interfaces, as YAML"
          + " or JSON. Types that are equal, or that no file has, are left unchanged.",
      "",
      "Members of a model that have no counterpart in a device type are listed on standard error,"
          + " with their JSON Pointers."
    },
    parameterListHeading = "%nArguments:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  signalbox types import types.yaml",
      "  signalbox types import --dry-run types.yaml || echo 'the hub differs'",
      "  signalbox types import --name boiler thermostat.tm.json"
    },
    exitCodeList = {
      "0:success; with --dry-run, no difference",
      "1:with --dry-run, there are differences",
      "3:hub unreachable, or request rejected by the hub",
      "64:invalid command line",
      "65:a file is not valid, or the hub refuses a definition",
      "66:a file cannot be read"
    })
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private HubOptions hub = new HubOptions();

  @Option(
      names = "--dry-run",
      description =
          "Change nothing: print what would change. The hub still validates the definitions.")
  private boolean isDryRun;

  @Option(
      names = "--name",
      paramLabel = "TYPE",
      description = "Name of the type, if the files have a single one.")
  private @Nullable String name;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files to read; - is standard input.")
  private List<String> files = new ArrayList<>();

  ImportCommand() {}

  /**
   * A type that differs from the hub's.
   *
   * @param before null if the hub does not have it
   */
  private record Change(
      TypeDefinition definition, @Nullable StoredType before, List<String> lines) {}

  @Override
  public Integer call() throws IOException {
    TypesClient client = hub.client(spec.commandLine());
    List<TypeDefinition> definitions = definitions();
    Map<String, Change> changes = new LinkedHashMap<>();
    for (TypeDefinition each : definitions) {
      Change change = change(client, each);
      if (!change.lines().isEmpty() || change.before() == null) {
        changes.put(each.name(), change);
      }
    }
    validate(client, changes);
    for (TypeDefinition each : definitions) {
      Change change = changes.get(each.name());
      if (change == null) {
        print(each.name() + ": unchanged");
      } else {
        apply(client, change);
      }
    }
    printSummary(changes, definitions.size());
    return isDryRun && !changes.isEmpty() ? TypesCommand.DIFFERENT : 0;
  }

  private List<TypeDefinition> definitions() throws IOException {
    Map<String, TypeDefinition> definitions = new LinkedHashMap<>();
    for (String file : files) {
      TypeFile content = TypeFile.read(shown(file), text(file));
      for (UnmappedMember member : content.unmapped()) {
        note(shown(file) + "#" + member.pointer() + ": " + member.reason());
      }
      for (TypeDefinition each : content.types()) {
        TypeDefinition earlier = definitions.putIfAbsent(each.name(), each);
        if (earlier != null) {
          throw new InvalidTypesException(
              List.of(each.place("") + ": also defined at " + earlier.place("")));
        }
      }
    }
    return renamed(List.copyOf(definitions.values()));
  }

  private List<TypeDefinition> renamed(List<TypeDefinition> definitions) {
    if (name == null) {
      return definitions;
    }
    if (definitions.size() != 1) {
      throw new ParameterException(
          spec.commandLine(), "--name: expected one type in the files, got " + definitions.size());
    }
    if (!TypeDefinition.isName(name)) {
      throw new ParameterException(
          spec.commandLine(), "--name: " + TypeDefinition.NAME_RULE + ", is " + name);
    }
    return List.of(definitions.getFirst().named(name));
  }

  private static String shown(String file) {
    return file.equals("-") ? "standard input" : file;
  }

  private static String text(String file) throws IOException {
    if (file.equals("-")) {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    try {
      return Files.readString(Path.of(file));
    } catch (MalformedInputException failure) {
      throw new FileSystemException(file, null, "not UTF-8");
    } catch (FileSystemException failure) {
      throw failure;
    } catch (IOException failure) {
      throw new FileSystemException(file, null, failure.getMessage());
    }
  }

  private static Change change(TypesClient client, TypeDefinition definition) {
    StoredType stored = client.find(definition.name()).orElse(null);
    List<String> lines =
        TypeDifference.between(
            stored == null ? JsonNodeFactory.instance.objectNode() : stored.document(),
            definition.document());
    return new Change(definition, stored, lines);
  }

  private void validate(TypesClient client, Map<String, Change> changes) {
    List<String> faults = new ArrayList<>();
    for (Change change : changes.values()) {
      TypeDefinition definition = change.definition();
      try {
        client.validate(definition.name(), definition.document());
      } catch (HubException refused) {
        if (isDryRun && refused.isForbidden()) {
          note("not validated: the API key lacks the scope devices:write");
          return;
        }
        if (!refused.isInvalid()) {
          throw refused;
        }
        addFaults(faults, definition, refused);
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidTypesException(faults);
    }
  }

  private static void addFaults(
      List<String> faults, TypeDefinition definition, HubException refused) {
    if (refused.faults().isEmpty()) {
      faults.add(definition.place("") + ": " + refused.getMessage());
    }
    for (HubException.Fault fault : refused.faults()) {
      faults.add(definition.place(fault.pointer()) + ": " + fault.detail());
    }
  }

  private void apply(TypesClient client, Change change) {
    String type = change.definition().name();
    StoredType before = change.before();
    String what = before == null ? "new" : "changed, version " + before.version();
    if (isDryRun) {
      print(type + ": " + what);
      change.lines().forEach(line -> print("  " + line));
      return;
    }
    client.put(type, change.definition().document(), before);
    print(type + ": " + (before == null ? "created" : "changed"));
  }

  private void printSummary(Map<String, Change> changes, int all) {
    long created = changes.values().stream().filter(change -> change.before() == null).count();
    long changed = changes.size() - created;
    String form =
        isDryRun
            ? "%d to create, %d to change, %d unchanged"
            : "%d created, %d changed, %d unchanged";
    print(form.formatted(created, changed, all - changes.size()));
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
  }

  private void note(String line) {
    CommandLineConventions.printError(spec.commandLine(), line);
  }
}
