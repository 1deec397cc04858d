package io.licenserelay.reports.inbox;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.reports.ReportIncidents;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.store.Database;
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
 * Files of one site that cannot be moved, or an inbox that cannot be read. However many files and attempts there are, one log line and
 * one incident say so, and attempts become rarer. Used under the site's lock, but for what cannot be used at all.
 */
final class StuckFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StuckFiles.class);
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Database database;
    private final ReportIncidents alarms;
    private final Clock clock;
    private Duration pause = FIRST_PAUSE;
    private long retryAt = System.nanoTime();
    private final Map<String, LoggedReason> unusable = new ConcurrentHashMap<>();

    StuckFiles(Database database, ReportIncidents alarms, Clock clock) {
        this.database = database;
        this.alarms = alarms;
        this.clock = clock;
    }

    /** @param at by {@link System#nanoTime()} */
    private record LoggedReason(String why, long at) {}

    /** Whether the files that could not be moved are to be tried now. */
    boolean areDue() {
        return System.nanoTime() - retryAt >= 0;
    }

    void retry() {
        retryAt = System.nanoTime();
    }

    /** How long those wait that cannot be moved now. */
    Duration pause() {
        return pause;
    }

    /** Something was tried again; call once per pass, before {@link #tried}. */
    List<String> before(Site site) {
        return database.read(tx -> InboxTable.stuck(tx, site)).map(Finding::phrase).stream()
                .toList();
    }

    /**
     * The database knows by now which files are stuck.
     *
     * @param before what {@link #before} gave
     */
    void tried(Site site, List<String> before) {
        List<String> now = before(site);
        retryAt = System.nanoTime() + pause.toNanos();
        if (now.isEmpty()) {
            pause = FIRST_PAUSE;
            if (!before.isEmpty()) {
                LOG.info("{}: the files of the inbox can be moved again", site.name());
            }
            return;
        }
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        if (before.isEmpty()) {
            LOG.error("{}; each was read once, and moving them is tried again and again, ever more rarely", now.get(0));
            alarm(site, now.get(0));
        }
    }

    /**
     * Said when the reason is another than last time, else once an hour.
     *
     * @param folder {@code inbox} or {@code outbox}
     */
    void unusable(Site site, String folder, FileSystemException e) {
        LoggedReason now = new LoggedReason(e.toString(), System.nanoTime());
        LoggedReason last = unusable.get(folder);
        if (last == null || !last.why.equals(now.why) || now.at - last.at > LONGEST_PAUSE.toNanos()) {
            unusable.put(folder, now);
            LOG.error("{}: the {} cannot be used, and is tried again and again: {}", site.name(), folder, now.why);
            alarm(site, now.why);
        }
    }

    void usable(String folder) {
        unusable.remove(folder);
    }

    private void alarm(Site site, String why) {
        database.write(tx -> {
            List<Finding> findings = new ArrayList<>(List.of(new Finding(Findings.FOLDER_UNUSABLE, why)));
            InboxTable.badLeft(tx, site).ifPresent(findings::add);
            alarms.raise(tx, site.place(), Step.INBOX, findings, clock.instant());
            return 1;
        });
    }
}
