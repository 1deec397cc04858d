package io.licenserelay.incident.relay;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.camel.util.ObjectHelper;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the disk or the database takes no writes. That cannot be written down while it lasts: the log says it, and
 * the incident is recorded, and resolved, as soon as writing works again. A damaged file may take some writes and stays damaged:
 * its incident is resolved only by a later process that finds the file sound. Thread-safe.
 */
public final class StoreWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    /** In bytes; more than the incident and its events take. */
    private static final int ROOM = 1 << 20;

    private final Database database;
    private final IncidentReporter incidents;
    private @Nullable Failure failure;
    private boolean corrupt;
    private boolean recorded;
    private boolean checked;

    /** Also what an earlier process left. */
    private boolean unreported = true;

    public StoreWatch(Database database, IncidentReporter incidents) {
        this.database = database;
        this.incidents = incidents;
    }

    /**
     * Something could not be written.
     *
     * @param thrown holds a {@link StoreFailed}
     */
    public synchronized void failed(Throwable thrown) {
        String why = KafkaWatch.innermost(thrown);
        if (!corrupt && isCorrupt(thrown)) {
            LOG.error("LIC8004: the database file is damaged ({}); stop the relay and restore the data folder", why);
            corrupt = true;
            recorded = false;
            failure = incidents.ofRelay(Step.APPLY, Findings.STORE_CORRUPT, why);
        } else if (failure == null) {
            LOG.error("LIC8002: the database takes no writes ({}); syncs and events stand still until it does", why);
            failure = incidents.ofRelay(Step.APPLY, Findings.STORE_UNWRITABLE, why);
        }
    }

    private static boolean isCorrupt(Throwable thrown) {
        StoreFailed refused = ObjectHelper.getException(StoreFailed.class, thrown);
        return refused != null && refused.isCorrupt();
    }

    /** Tries whether writing works again, if it did not, and reports what could not be reported before. */
    public synchronized void check() {
        if (!checked) {
            checked = true;
            settle();
        }
        if (recorded) {
            return;
        }
        try {
            if (corrupt) {
                Failure damage = Objects.requireNonNull(failure);
                database.write(tx -> incidents.reportRelay(tx, damage));
                recorded = true;
                return;
            }
            if (failure != null) {
                end(failure);
            }
            report();
        } catch (StoreFailed still) {
            LOG.debug("the database still takes no writes", still);
        }
    }

    private void end(Failure outage) {
        database.requireRoom(ROOM);
        database.write(tx -> keep(tx, outage));
        LOG.info("the database takes writes again");
        failure = null;
        unreported = true;
    }

    /** An earlier process found the file damaged: that is over once the whole file is sound. */
    private void settle() {
        try {
            boolean reported = database.read(tx -> incidents.isRelayOpen(tx, Findings.STORE_CORRUPT));
            if (reported && database.isSound()) {
                database.write(incidents::clearRelay);
            }
        } catch (StoreFailed damagedStill) {
            LOG.debug("the database could not be looked into", damagedStill);
        }
    }

    private static int keep(Handle tx, Failure ended) {
        return tx.execute(
                "INSERT INTO store_outage (failed_at, message) VALUES (?, ?)",
                ended.at().toEpochMilli(),
                ended.message());
    }

    /**
     * Reports outages that are over, each by an incident of its own. The relay has one open incident at a time, so they wait while another
     * one is open: an update of that one would give it a cause that it does not have.
     */
    private void report() {
        if (unreported && !database.read(incidents::isRelayFailing)) {
            unreported = database.write(this::reportAll);
        }
    }

    private record Outage(long seq, Instant failedAt, String message) {}

    /** @return whether something is left to report */
    private boolean reportAll(Handle tx) {
        List<Outage> outages = tx.createQuery("SELECT seq, failed_at, message FROM store_outage ORDER BY seq")
                .map((row, context) -> new Outage(
                        row.getLong("seq"), Instant.ofEpochMilli(row.getLong("failed_at")), row.getString("message")))
                .list();
        for (Outage outage : outages) {
            if (incidents.isRelayFailing(tx)) {
                return true;
            }
            incidents.reportRelay(
                    tx, incidents.ofRelay(Step.APPLY, Findings.STORE_UNWRITABLE, outage.message, outage.failedAt));
            incidents.clearRelay(tx);
            tx.execute("DELETE FROM store_outage WHERE seq = ?", outage.seq);
        }
        return false;
    }
}
