package io.licenserelay.diagnosis;

import io.licenserelay.config.yaml.BadConfiguration.Problem;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A catalogue of causes that cannot be used. The message names every problem with its line. */
public final class BadRules extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    BadRules(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    static BadRules unreadable(String file, IOException cause) {
        return new BadRules(
                List.of(new Problem(file, 0, "cannot be read: " + cause, "check the file and its permissions")));
    }

    /** The problems in order of line; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
