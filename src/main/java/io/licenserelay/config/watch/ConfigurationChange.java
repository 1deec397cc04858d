package io.licenserelay.config.watch;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.yaml.BadConfiguration.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@link ConfigurationWatch} found in changed files. */
public sealed interface ConfigurationChange {

    /** When the files were read. */
    Instant at();

    /**
     * The files are valid. Also returned when the files are valid again after they were refused, even if nothing differs.
     *
     * @param configuration the whole new configuration
     * @param added names of sites that the accepted configuration before did not have
     * @param changed names of sites whose {@link Configuration#digest} differs
     * @param removed names of sites that the new configuration does not have
     * @param needsRestart everything outside the sites that differs from the configuration that the relay was started with, for example {@code
     *     relay.store in config/relay.yaml}; the running relay does not use it until it is restarted. Contains no values.
     */
    record Accepted(
            Configuration configuration,
            Set<String> added,
            Set<String> changed,
            Set<String> removed,
            List<String> needsRestart,
            Instant at)
            implements ConfigurationChange {

        /** Whether the sites mean the same as before. */
        public boolean hasSameSites() {
            return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
        }
    }

    /**
     * The files are invalid. The accepted configuration before stays valid.
     *
     * @param problems at least one; they contain no secrets
     */
    record Refused(List<Problem> problems, Instant at) implements ConfigurationChange {

        /** The problems as {@code license-relay check} prints them, one per line. */
        public String text() {
            return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
        }
    }
}
