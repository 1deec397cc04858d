package io.licenserelay.config.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. Everything that is wrong with it is told at once. */
public final class BadConfiguration extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    BadConfiguration(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Never empty; by file, then by line. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing to mend. No part of it shows a secret.
     *
     * @param file the file, or another place where it was read, for example an environment variable
     * @param line from 1; 0 where there are no lines
     * @param message what is wrong
     * @param fix what to do about it
     */
    public record Problem(String file, int line, String message, String fix) {

        /** {@code config/relay.yaml:12: unknown key "shedule" in site hq; did you mean "schedule"?} */
        @Override
        public String toString() {
            return file + (line > 0 ? ":" + line : "") + ": " + message + "; " + fix;
        }
    }
}
