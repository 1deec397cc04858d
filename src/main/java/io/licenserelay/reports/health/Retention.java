package io.licenserelay.reports.health;

import io.licenserelay.config.site.Site;
import io.licenserelay.reports.files.InboxTable;
import io.licenserelay.store.Database;
import io.licenserelay.text.Plural;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the content of reports after their retention time. Rows and acknowledgements stay, so that a copy of an old
 * report is recognised.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH_SIZE = 1_000;

    private final Database database;
    private final Clock clock;
    private final Clock deadlines;

    /** @param deadlines the clock for retention; it lags behind the wall clock after the wall clock was set forward */
    public Retention(Database database, Clock clock, Clock deadlines) {
        this.deadlines = deadlines;
        this.database = database;
        this.clock = clock;
    }

    /** Deletes the content of reports that were acknowledged or rejected more than {@code reports.keep} ago. */
    public void purge(Site site) {
        Instant before = deadlines.instant().minus(site.reports().keep());
        int deleted = 0;
        int deletedInBatch = purgeSome(site, before);
        while (deletedInBatch > 0) {
            deleted += deletedInBatch;
            deletedInBatch = purgeSome(site, before);
        }
        database.write(site.name(), tx -> InboxTable.purge(tx, site, before));
        if (deleted > 0) {
            LOG.info(
                    "{}: deleted the content of {} completed before {}",
                    site.name(),
                    Plural.of(deleted, "report"),
                    before);
        }
    }

    private int purgeSome(Site site, Instant before) {
        return database.write(site.name(), tx -> {
            List<String> completed = tx.createQuery("SELECT digest FROM report WHERE site = :site"
                            + " AND state IN ('acknowledged', 'rejected') AND changed_at < :before"
                            + " AND content_deleted_at IS NULL LIMIT :most")
                    .bind("site", site.name())
                    .bind("before", before.toEpochMilli())
                    .bind("most", BATCH_SIZE)
                    .mapTo(String.class)
                    .list();
            for (String digest : completed) {
                tx.execute("DELETE FROM report_content WHERE digest = ?", digest);
                tx.execute("UPDATE report SET content_deleted_at = ? WHERE digest = ?", clock.millis(), digest);
            }
            return completed.size();
        });
    }
}
