package io.licenserelay.config.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is invalid. The exception contains all problems. */
public final class BadConfiguration extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    BadConfiguration(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** The problems, sorted by file and line; never empty. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One problem of the configuration. It never contains a secret.
     *
     * @param file the file, or another source of the value, for example an environment variable
     * @param line from 1; 0 if the source has no lines
     * @param message what is wrong
     * @param fix how to correct it
     */
    public record Problem(String file, int line, String message, String fix) {

        /** {@code config/relay.yaml:12: unknown key "shedule" in site hq; did you mean "schedule"?} */
        @Override
        public String toString() {
            return file + (line > 0 ? ":" + line : "") + ": " + message + "; " + fix;
        }
    }
}
