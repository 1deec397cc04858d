package io.licenserelay.config.yaml;

import io.licenserelay.config.yaml.BadConfiguration.Problem;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Collects the problems of a file, or of several files that are read together. The same problem is collected once. */
public final class ConfigurationProblems {
    private final String file;
    private final Set<Problem> found;

    public ConfigurationProblems(String file) {
        this(file, new LinkedHashSet<>());
    }

    private ConfigurationProblems(String file, Set<Problem> found) {
        this.file = file;
        this.found = found;
    }

    /** The same collection, for problems of another file. */
    public ConfigurationProblems of(String otherFile) {
        return new ConfigurationProblems(otherFile, found);
    }

    /** The file of the problems that name no other place. */
    public String file() {
        return file;
    }

    public void add(int line, String message, String fix) {
        add(file, line, message, fix);
    }

    /** Adds a problem of a value from another source that belongs to this file, such as an environment variable that overrides a line. */
    public void add(String place, int line, String message, String fix) {
        found.add(new Problem(place, line, message, fix));
    }

    public boolean any() {
        return !found.isEmpty();
    }

    /** The problems, sorted by line: first those of this file and of sources without lines, then those of the other files by name. */
    public List<Problem> sorted() {
        return found.stream()
                .sorted(Comparator.comparing(this::otherFile).thenComparingInt(Problem::line))
                .toList();
    }

    private String otherFile(Problem problem) {
        return problem.line() == 0 || problem.file().equals(file) ? "" : problem.file();
    }

    public static void throwIfAny(ConfigurationProblems... problemsOfFiles) throws BadConfiguration {
        List<Problem> all = Stream.of(problemsOfFiles)
                .flatMap(problems -> problems.sorted().stream())
                .toList();
        if (!all.isEmpty()) {
            throw new BadConfiguration(all);
        }
    }
}
