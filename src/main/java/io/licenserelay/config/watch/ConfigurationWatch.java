package io.licenserelay.config.watch;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.watch.ConfigurationChange.Accepted;
import io.licenserelay.config.watch.ConfigurationChange.Refused;
import io.licenserelay.config.yaml.BadConfiguration;
import io.licenserelay.config.yaml.BadConfiguration.Problem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration again after its files changed: {@code relay.yaml}, {@code sites.d}, {@code application.properties} and the catalogue
 * of causes. It reads them as a whole, so a mistake in one file refuses the change of all.
 *
 * <p>A change counts only when two polls in a row find the same content, because editors and copies write in steps. While the files are
 * refused, they are also read again after {@link #RETRY}, because the mistake may be outside of them, for example a missing secret.
 *
 * <p>The catalogue of causes is only compared. It is validated at the next start.
 *
 * <p>Not thread-safe: one thread polls.
 */
public final class ConfigurationWatch {
    /** How long refused files that do not change are not read again. With thousands of sites, reading takes seconds of processor time. */
    static final Duration RETRY = Duration.ofSeconds(30);

    private final Path data;
    private final Map<String, String> environment;
    private final Map<String, String> properties;
    private final Clock clock;
    private final RestartNeeds restartNeeds;
    private Configuration accepted;
    private List<String> needsRestart = List.of();
    private FileDigests seen;

    /** The files that were read last. Null until the first time: they may have changed between the start and the first poll. */
    private @Nullable FileDigests read;

    private Instant readAt = Instant.MIN;

    /** The problems of the refused files; empty if the files are accepted. */
    private List<Problem> refused = List.of();

    /**
     * Reads the files, so it is created soon after the configuration was read.
     *
     * @param started the configuration that the relay was started with
     * @param data the relay's data folder, as for {@link Configuration#read(Path, Path, Map, Map)}
     * @param environment as for {@link Configuration#read(Path, Path, Map, Map)}
     * @param properties as for {@link Configuration#read(Path, Path, Map, Map)}
     */
    public ConfigurationWatch(
            Configuration started,
            Path data,
            Map<String, String> environment,
            Map<String, String> properties,
            Clock clock) {
        this.accepted = started;
        this.data = data;
        this.environment = environment;
        this.properties = properties;
        this.clock = clock;
        this.seen = FileDigests.of(started.folder());
        this.restartNeeds = new RestartNeeds(started, seen);
    }

    /** The last accepted configuration; at first that of the start. */
    public Configuration accepted() {
        return accepted;
    }

    /**
     * Looks at the files once. Files that are missing, unreadable or invalid are a {@link Refused}, never an exception.
     *
     * @return a change that no poll before returned; empty if there is none, or if the files still change
     */
    public Optional<ConfigurationChange> poll() {
        FileDigests now = FileDigests.of(accepted.folder());
        boolean settled = now.equals(seen);
        seen = now;
        Instant at = clock.instant();
        if (!settled || (now.equals(read) && !isRetryDue(at))) {
            return Optional.empty();
        }
        Optional<ConfigurationChange> change;
        try {
            Configuration next = Configuration.read(accepted.folder(), data, environment, properties);
            if (!isUnchanged(now)) {
                return Optional.empty();
            }
            change = accept(next, now, at);
        } catch (BadConfiguration bad) {
            if (!isUnchanged(now)) {
                return Optional.empty();
            }
            change = refuse(bad.problems(), at);
        }
        read = now;
        readAt = at;
        return change;
    }

    /** Whether refused files that did not change are read again; also after the clock was set back. */
    private boolean isRetryDue(Instant at) {
        return !refused.isEmpty() && (at.isBefore(readAt) || !at.isBefore(readAt.plus(RETRY)));
    }

    /** Whether the files did not change while they were read. Otherwise the result may mix two versions, and the next polls read them again. */
    private boolean isUnchanged(FileDigests before) {
        seen = FileDigests.of(accepted.folder());
        return seen.equals(before);
    }

    private Optional<ConfigurationChange> refuse(List<Problem> problems, Instant at) {
        if (problems.equals(refused)) {
            return Optional.empty();
        }
        refused = problems;
        return Optional.of(new Refused(problems, at));
    }

    private Optional<ConfigurationChange> accept(Configuration next, FileDigests files, Instant at) {
        boolean recovered = !refused.isEmpty();
        List<String> needs = restartNeeds.of(next, files);
        boolean same = next.sha256().equals(accepted.sha256()) && needs.equals(needsRestart);
        Accepted change = new Accepted(next, names(next, accepted), changed(next), names(accepted, next), needs, at);
        refused = List.of();
        accepted = next;
        needsRestart = needs;
        return same && !recovered ? Optional.empty() : Optional.of(change);
    }

    /** The names of the sites that only the first configuration has, sorted. */
    private static Set<String> names(Configuration one, Configuration other) {
        Set<String> names = new TreeSet<>(one.origins().keySet());
        names.removeAll(other.origins().keySet());
        return names;
    }

    private Set<String> changed(Configuration next) {
        return accepted.origins().keySet().stream()
                .filter(next.origins()::containsKey)
                .filter(name -> !next.digest(name).equals(accepted.digest(name)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
