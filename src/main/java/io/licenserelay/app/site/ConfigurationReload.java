package io.licenserelay.app.site;

import io.licenserelay.config.Configuration;
import io.licenserelay.config.watch.ConfigurationChange;
import io.licenserelay.config.watch.ConfigurationWatch;
import io.licenserelay.incident.relay.ConfigurationIncidents;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies changed files of the configuration to the running relay, and logs what changed. Refused files change nothing. While files are refused,
 * or a site cannot be changed, an incident says why. One thread at a time calls {@code poll}.
 */
public final class ConfigurationReload {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReload.class);

    /** How long the relay waits before it tries again to change a site that could not be changed. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private static final Duration MAX_RETRY = Duration.ofHours(1);

    private final Target target;
    private final ConfigurationIncidents incidents;
    private volatile @Nullable ConfigurationWatch watch;

    /** The configuration that was not applied completely. */
    private @Nullable Configuration incomplete;

    private Duration pause = RETRY;
    private volatile boolean stopping;
    private long attemptedAt;
    private List<SiteChanges.Problem> logged = List.of();

    /** Why files are refused; empty if they are accepted. */
    private List<String> refused = List.of();

    /** Why accepted files are not in use completely. */
    private List<String> unapplied = List.of();

    /** The relay whose sites change. */
    @FunctionalInterface
    public interface Target {
        /**
         * Makes the sites of the configuration those of the relay.
         *
         * @throws IOException if nothing was changed, because a folder cannot be read
         */
        SiteChanges apply(Configuration next) throws InterruptedException, IOException;
    }

    public ConfigurationReload(Target target, ConfigurationIncidents incidents) {
        this.target = target;
        this.incidents = incidents;
    }

    /** Follows these files from now on. Without a call of this method the configuration of the start stays. */
    public void follow(ConfigurationWatch files) {
        watch = files;
    }

    /**
     * Looks at the files once. Returns when their change is complete, which may take as long as the current run of a changed site.
     *
     * @throws InterruptedException if the thread is interrupted; a later poll continues
     */
    public void poll() throws InterruptedException {
        ConfigurationWatch files = watch;
        if (files == null) {
            return;
        }
        ConfigurationChange change = files.poll().orElse(null);
        if (change instanceof ConfigurationChange.Accepted accepted) {
            accept(accepted);
        } else if (change instanceof ConfigurationChange.Refused bad) {
            LOG.error("the changed configuration is refused; the relay goes on with the earlier one");
            bad.problems().forEach(problem -> LOG.error("{}", problem));
            refused = List.of(bad.text());
            report();
        }
        Configuration next = incomplete;
        if (next != null && (change != null || System.nanoTime() - attemptedAt >= pause.toNanos())) {
            apply(next);
            report();
        }
    }

    /** Each attempt interrupts the routes of a site that goes on with its earlier configuration, so these become rare. */
    private Duration nextPause(List<SiteChanges.Problem> problems) {
        boolean allGoOn = problems.stream().allMatch(each -> each.effect() == SiteChanges.Effect.KEPT);
        Duration doubled = pause.multipliedBy(2);
        return !allGoOn ? RETRY : doubled.compareTo(MAX_RETRY) > 0 ? MAX_RETRY : doubled;
    }

    /** The relay stops. A change that is not applied any more is no problem of the configuration. */
    public void stop() {
        stopping = true;
    }

    private void report() {
        if (stopping) {
            return;
        }
        List<String> problems =
                Stream.of(refused, unapplied).flatMap(List::stream).toList();
        if (problems.isEmpty()) {
            incidents.accepted();
        } else {
            incidents.refused(String.join("\n", problems));
        }
    }

    private void accept(ConfigurationChange.Accepted accepted) {
        if (accepted.hasSameSites()) {
            LOG.info("the configuration is valid; its sites are the same as before");
        }
        if (!accepted.needsRestart().isEmpty()) {
            LOG.warn("these changes need a restart of the relay: {}", String.join(", ", accepted.needsRestart()));
        }
        incomplete = accepted.configuration();
        logged = List.of();
        refused = List.of();
        pause = RETRY;
    }

    private void apply(Configuration next) throws InterruptedException {
        try {
            SiteChanges changes = target.apply(next);
            log(changes);
            incomplete = changes.problems().isEmpty() ? null : next;
            unapplied = changes.problems().stream()
                    .map(ConfigurationReload::text)
                    .sorted()
                    .toList();
            pause = nextPause(changes.problems());
        } catch (IOException e) {
            unapplied = List.of("the changed configuration cannot be applied now: " + e);
            LOG.error("the changed configuration cannot be applied now; the relay tries again: {}", e.toString());
        } finally {
            attemptedAt = System.nanoTime();
        }
    }

    private void log(SiteChanges changes) {
        if (!changes.isUnchanged()) {
            LOG.info(
                    "the sites follow the configuration: {} added, {} changed, {} removed",
                    changes.added(),
                    changes.changed(),
                    changes.removed());
        }
        if (!changes.problems().equals(logged)) {
            logged = changes.problems();
            logged.forEach(problem -> LOG.error("{}; the relay tries again", text(problem)));
        }
    }

    private static String text(SiteChanges.Problem problem) {
        String effect =
                switch (problem.effect()) {
                    case KEPT -> "goes on with its earlier configuration";
                    case NOT_RUNNING -> "does not run";
                    case INCIDENTS_OPEN -> "still has open incidents of what was removed";
                };
        return problem.site() + " " + effect + ": " + problem.reason();
    }
}
