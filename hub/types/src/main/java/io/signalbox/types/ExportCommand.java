package io.signalbox.types;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.types.api.TypesClient;
import io.signalbox.types.api.TypesClient.StoredType;
import io.signalbox.types.file.TypeFile;
import io.signalbox.types.file.TypeFile.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./signalbox types export}. */
@Command(
    name = "export",
    description = {
      "Writes device types of a running hub as YAML or JSON.",
      "",
      "Types are sorted by name."
    },
    parameterListHeading = "%nArguments:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  signalbox types export > types.yaml",
      "  signalbox types export --output pump.json pump"
    },
    exitCodeList = {
      "0:success",
      "3:hub unreachable, or request rejected by the hub",
      "64:invalid command line",
      "74:the file cannot be written"
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private HubOptions hub = new HubOptions();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "yaml or json (default: by the name of the output file, else yaml).")
  private @Nullable String format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write to this file (default: standard output).")
  private @Nullable Path output;

  @Parameters(paramLabel = "TYPE", arity = "0..*", description = "Names of types (default: all).")
  private List<String> names = new ArrayList<>();

  ExportCommand() {}

  @Override
  public Integer call() throws IOException {
    Format notation = notation();
    TypesClient client = hub.client(spec.commandLine());
    Map<String, ObjectNode> types = new LinkedHashMap<>();
    for (StoredType type : read(client)) {
      types.put(type.name(), type.document());
    }
    String text = TypeFile.write(types, notation);
    if (output == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      write(output, text);
    }
    return 0;
  }

  private List<StoredType> read(TypesClient client) {
    return names.isEmpty()
        ? client.list()
        : names.stream().sorted().distinct().map(client::get).toList();
  }

  private static void write(Path file, String text) throws UnwritableFileException {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UnwritableFileException(file.toString(), failure);
    }
  }

  private Format notation() {
    if (format == null) {
      return String.valueOf(output).toLowerCase(Locale.ROOT).endsWith(".json")
          ? Format.JSON
          : Format.YAML;
    }
    return switch (format) {
      case "yaml" -> Format.YAML;
      case "json" -> Format.JSON;
      default -> {
        CommandLine command = spec.commandLine();
        throw new ParameterException(command, "--format: must be yaml or json, is " + format);
      }
    };
  }
}
