package io.licenserelay.config.yaml;

import io.licenserelay.config.yaml.BadConfiguration.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Collects the problems of one file. */
public final class ConfigurationProblems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();

    public ConfigurationProblems(String file) {
        this.file = file;
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

    /** The problems, sorted by line. */
    public List<Problem> sorted() {
        return found.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
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
