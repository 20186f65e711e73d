package io.signalbox.hub.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Reader of a module's Java sources, with the compiler's parser. */
final class JavaSources {
  /**
   * A method or constructor.
   *
   * @param lines number of lines from the first annotation to the closing brace
   * @param isDataConstructor whether it is a constructor of a record or an enum
   */
  record Method(
      String name, int lines, int parameters, boolean isConstructor, boolean isDataConstructor) {}

  private JavaSources() {}

  static List<Path> under(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static List<Method> methods(List<Path> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      MethodScanner scanner = new MethodScanner(Trees.instance(task).getSourcePositions());
      task.parse().forEach(unit -> scanner.scan(unit, null));
      return scanner.found;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static final class MethodScanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final SourcePositions positions;
    private final List<Method> found = new ArrayList<>();

    MethodScanner(SourcePositions positions) {
      this.positions = positions;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
      ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      long start = positions.getStartPosition(unit, method);
      long end = positions.getEndPosition(unit, method);
      int lines =
          (int) (unit.getLineMap().getLineNumber(end) - unit.getLineMap().getLineNumber(start) + 1);
      boolean constructor = method.getReturnType() == null;
      boolean data = owner.getKind() == Tree.Kind.RECORD || owner.getKind() == Tree.Kind.ENUM;
      found.add(
          new Method(
              "%s %s.%s"
                  .formatted(
                      Path.of(unit.getSourceFile().getName()).getFileName(),
                      owner.getSimpleName(),
                      method.getName()),
              lines,
              method.getParameters().size(),
              constructor,
              constructor && data));
      return super.visitMethod(method, null);
    }
  }
}
