package io.licenserelay.usage;

import io.licenserelay.site.Site;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.time.Instant;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of the content of reports that were done with long ago. Their rows stay, so that a copy that turns up is known, and
 * so do their acknowledgements.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int AT_ONCE = 1_000;

    private final Database database;
    private final Clock clock;

    public Retention(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Of acknowledged and rejected ones alone, {@code reports.keep} after that. */
    public void purge(@ExchangeProperty("site") Site site) {
        Instant before = clock.instant().minus(site.reports().keep());
        int all = 0;
        int some = purgeSome(site, before);
        while (some > 0) {
            all += some;
            some = purgeSome(site, before);
        }
        if (all > 0) {
            LOG.info("{}: the content of {} report(s) that were done with before {} is gone", site.name(), all, before);
        }
    }

    private int purgeSome(Site site, Instant before) {
        return database.write(tx -> tx.execute(
                "UPDATE report SET payload = '', header = NULL, signature = '', payload_gone_at = ? WHERE digest IN"
                        + " (SELECT digest FROM report WHERE site = ? AND state IN ('acknowledged', 'rejected')"
                        + " AND changed_at < ? AND payload_gone_at IS NULL LIMIT ?)",
                clock.millis(),
                site.name(),
                before.toEpochMilli(),
                AT_ONCE));
    }
}
