package io.licenserelay.evidence.process;

import java.util.List;
import java.util.Map;

/**
 * Starts programs of the system without the relay's environment: secrets come in environment variables, and a child has no use for
 * them. The only place that makes a {@link ProcessBuilder}.
 */
public final class ChildProcess {
    /** Where a child finds programs, whatever the relay's own PATH is. */
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ChildProcess() {}

    /**
     * A builder whose environment is PATH and LC_ALL.
     *
     * @param command program and arguments, which no shell reads
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
