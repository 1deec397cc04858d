package io.licenserelay.evidence.process;

import java.util.List;
import java.util.Map;

/**
 * Starts system programs without the relay's environment, because environment variables may contain secrets that a child process does not
 * need. The only class that creates a {@link ProcessBuilder}.
 */
public final class ChildProcess {
    /** The child's PATH, independent of the relay's own PATH. */
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ChildProcess() {}

    /**
     * A builder with only PATH and LC_ALL in its environment.
     *
     * @param command program and arguments; no shell interprets them
     */
    public static ProcessBuilder of(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", PATH);
        environment.put("LC_ALL", "C");
        return builder;
    }
}
