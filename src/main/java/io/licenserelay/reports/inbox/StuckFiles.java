package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.store.Database;
import io.licenserelay.store.folders.FolderNotShared;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports files of one site that cannot be moved, and folders that cannot be used. There is one log line and one
 * incident, independent of the number of files and attempts, and the pause between attempts grows. Used under the
 * site's lock, except {@link #unusable}.
 */
final class StuckFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StuckFiles.class);
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration MAX_PAUSE = Duration.ofHours(1);

    private final Database database;
    private final ReportIncidents incidents;
    private final Clock clock;
    private Duration pause = FIRST_PAUSE;
    private long retryAt = System.nanoTime();
    private final Map<String, LoggedReason> unusable = new ConcurrentHashMap<>();

    StuckFiles(Database database, ReportIncidents incidents, Clock clock) {
        this.database = database;
        this.incidents = incidents;
        this.clock = clock;
    }

    /** @param at by {@link System#nanoTime()} */
    private record LoggedReason(String why, long at) {}

    /** Whether a new attempt to move the files is due. */
    boolean isRetryDue() {
        return System.nanoTime() - retryAt >= 0;
    }

    void retry() {
        retryAt = System.nanoTime();
    }

    /** The pause before the next attempt. */
    Duration pause() {
        return pause;
    }

    /** The problem before a new attempt. Called once per pass, before {@link #recordAttempt}. */
    List<String> currentProblem(Site site) {
        return database.read(tx -> InboxTable.stuck(tx, site)).map(Finding::phrase).stream()
                .toList();
    }

    /**
     * Reports the result of an attempt. The database has the stuck files by now.
     *
     * @param earlier the result of {@link #currentProblem}
     */
    void recordAttempt(Site site, List<String> earlier) {
        List<String> now = currentProblem(site);
        retryAt = System.nanoTime() + pause.toNanos();
        if (now.isEmpty()) {
            pause = FIRST_PAUSE;
            if (!earlier.isEmpty()) {
                LOG.info("{}: the files of the inbox can be moved again", site.name());
            }
            return;
        }
        pause = pause.compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
        if (earlier.isEmpty()) {
            LOG.error(
                    "{}; each was read once, and the relay tries to move them again at growing intervals", now.get(0));
            raise(site, Findings.FOLDER_UNUSABLE, now.get(0));
        }
    }

    /**
     * Reports an unusable folder when the reason changes, else once an hour.
     *
     * @param folder {@code inbox} or {@code outbox}
     */
    void unusable(Site site, String folder, FileSystemException e) {
        boolean notShared = e instanceof FolderNotShared;
        String why = notShared ? String.valueOf(e.getMessage()) : e.toString();
        LoggedReason now = new LoggedReason(why, System.nanoTime());
        LoggedReason last = unusable.get(folder);
        if (last == null || !last.why.equals(now.why) || now.at - last.at > MAX_PAUSE.toNanos()) {
            unusable.put(folder, now);
            LOG.error("{}: the {} cannot be used, and the relay tries again: {}", site.name(), folder, now.why);
            raise(site, notShared ? Findings.FOLDER_NOT_SHARED : Findings.FOLDER_UNUSABLE, now.why);
        }
    }

    void clearUnusable(String folder) {
        unusable.remove(folder);
    }

    private void raise(Site site, String finding, String why) {
        database.write(site.name(), tx -> {
            List<Finding> findings = new ArrayList<>(List.of(new Finding(finding, why)));
            InboxTable.unusableInInbox(tx, site).ifPresent(findings::add);
            incidents.raise(tx, site.place(), Step.INBOX, findings, clock.instant());
            return 1;
        });
    }
}
