package io.licenserelay.diagnosis;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A catalogue of causes that cannot be used. The message names every problem with its line. */
public final class BadRules extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    BadRules(String file, List<Problem> problems) {
        super(problems.stream()
                .map(problem -> file + ":" + problem.line() + ": " + problem.text())
                .collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    private BadRules(String message, IOException cause) {
        super(message, cause);
        this.problems = List.of();
    }

    static BadRules unreadable(String file, IOException cause) {
        return new BadRules("cannot read " + file + ": " + cause, cause);
    }

    /** In order of line; empty when the file could not even be read. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * Something wrong in the file.
     *
     * @param line where, 1 being the first
     * @param text what, and what would be right
     */
    public record Problem(int line, String text) {}
}
