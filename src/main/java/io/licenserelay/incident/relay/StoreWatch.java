package io.licenserelay.incident.relay;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.store.folders.FolderNotShared;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.camel.util.ObjectHelper;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that the disk or the database accepts no writes. This cannot be recorded while it lasts, so it is only
 * logged; the incident is recorded and resolved as soon as writes succeed again. A damaged file may accept some writes
 * and stays damaged: its incident is resolved only by a later process that finds the file intact. Thread-safe.
 */
public final class StoreWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    /** The free space in bytes that is required before recording; more than the incident and its events need. */
    private static final int REQUIRED_SPACE = 1 << 20;

    private final Database database;
    private final IncidentReporter incidents;
    private @Nullable Failure failure;
    private boolean corrupt;
    private boolean recorded;
    private boolean checked;

    /** Initially true, because an earlier process may have left unreported outages. */
    private boolean unreported = true;

    public StoreWatch(Database database, IncidentReporter incidents) {
        this.database = database;
        this.incidents = incidents;
    }

    /**
     * Records a failed write. A statement that the database refused because of its values is logged; it proves no outage,
     * so it is no incident of the relay.
     *
     * @param thrown a {@link StoreFailed}, or an error of the disk
     */
    public synchronized void failed(Throwable thrown) {
        String why = KafkaWatch.innermost(thrown);
        StoreFailed refused = ObjectHelper.getException(StoreFailed.class, thrown);
        if (refused != null && refused.isRefusedStatement()) {
            LOG.error("the database refused a statement, and works otherwise: {}", why);
        } else if (ObjectHelper.getException(FolderNotShared.class, thrown) != null) {
            // An incident of its site reports it.
            LOG.error("a folder cannot be used: {}", why);
        } else if (!corrupt && isCorrupt(thrown)) {
            LOG.error("LIC8004: the database file is damaged ({}); stop the relay and restore the data folder", why);
            corrupt = true;
            recorded = false;
            failure = incidents.ofRelay(Step.APPLY, Findings.STORE_CORRUPT, why);
        } else if (failure == null) {
            LOG.error(
                    "LIC8002: cannot write to the database ({}); syncs and publishing are paused until it recovers",
                    why);
            failure = incidents.ofRelay(Step.APPLY, Findings.STORE_UNWRITABLE, why);
        }
    }

    private static boolean isCorrupt(Throwable thrown) {
        StoreFailed refused = ObjectHelper.getException(StoreFailed.class, thrown);
        return refused != null && refused.isCorrupt();
    }

    /** Checks whether writes succeed again, and reports outages that could not be reported before. */
    public synchronized void check() {
        if (!checked) {
            checked = true;
            resolveRepaired();
        }
        if (recorded) {
            return;
        }
        try {
            if (corrupt) {
                Failure damage = Objects.requireNonNull(failure);
                database.write(Database.RELAY, tx -> incidents.reportRelay(tx, damage));
                recorded = true;
                return;
            }
            if (failure != null) {
                recordEnd(failure);
            }
            report();
        } catch (StoreFailed stillFailing) {
            LOG.debug("the database still accepts no writes", stillFailing);
        }
    }

    private void recordEnd(Failure outage) {
        database.requireRoom(REQUIRED_SPACE);
        database.submit(tx -> insert(tx, outage));
        LOG.info("the database accepts writes again");
        failure = null;
        unreported = true;
    }

    /** Resolves the incident of a damaged file that an earlier process reported, if the whole file is intact. */
    private void resolveRepaired() {
        try {
            boolean reported = database.read(tx -> incidents.isRelayOpen(tx, Findings.STORE_CORRUPT));
            if (reported && database.isSound()) {
                database.write(Database.RELAY, incidents::clearRelay);
            }
        } catch (StoreFailed unreadable) {
            LOG.debug("the database could not be checked", unreadable);
        }
    }

    private static int insert(Handle tx, Failure ended) {
        return tx.execute(
                "INSERT INTO store_outage (failed_at, message) VALUES (?, ?)",
                ended.at().toEpochMilli(),
                ended.message());
    }

    /**
     * Reports past outages, each as a separate incident. The relay has one open incident at a time, so outages wait
     * while another incident is open: an update would give that incident a wrong cause.
     */
    private void report() {
        if (unreported && database.owns(Database.RELAY) && !database.read(incidents::isRelayOccupied)) {
            unreported = database.write(Database.RELAY, this::reportAll);
        }
    }

    private record Outage(long seq, Instant failedAt, String message) {}

    /** @return whether unreported outages remain */
    private boolean reportAll(Handle tx) {
        List<Outage> outages = tx.createQuery("SELECT seq, failed_at, message FROM store_outage ORDER BY seq")
                .map((row, context) -> new Outage(
                        row.getLong("seq"), Instant.ofEpochMilli(row.getLong("failed_at")), row.getString("message")))
                .list();
        for (Outage outage : outages) {
            if (incidents.isRelayOccupied(tx)) {
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
