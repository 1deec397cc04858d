package io.licenserelay.incident.relay;

import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.Incidents;
import io.licenserelay.incident.event.IncidentContext;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.time.Clock;
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
    private final Incidents incidents;
    private final Rules rules;
    private final Clock clock;
    private final String damaged;
    private @Nullable Failure failure;
    private boolean corrupt;
    private boolean recorded;
    private boolean checked;

    /** Also what an earlier process left. */
    private boolean unreported = true;

    public StoreWatch(Database database, Incidents incidents, Rules rules, Clock clock) {
        this.database = database;
        this.incidents = incidents;
        this.rules = rules;
        this.clock = clock;
        this.damaged = rules.diagnose(evidence(Findings.STORE_CORRUPT, "")).code();
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
            failure = evidence(Findings.STORE_CORRUPT, why).failure();
        } else if (failure == null) {
            LOG.error("LIC8002: the database takes no writes ({}); syncs and events stand still until it does", why);
            failure = evidence(Findings.STORE_UNWRITABLE, why).failure();
        }
    }

    private static boolean isCorrupt(Throwable thrown) {
        StoreFailed refused = ObjectHelper.getException(StoreFailed.class, thrown);
        return refused != null && refused.isCorrupt();
    }

    private Evidence evidence(String finding, String why) {
        return evidence(finding, why, clock.instant());
    }

    private static Evidence evidence(String finding, String why, Instant at) {
        List<Finding> findings = List.of(new Finding(finding, why));
        return Evidence.of(Failure.of(Place.relay(), Flow.RELAY, Step.APPLY, findings, null, at));
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
                Evidence evidence = Evidence.of(Objects.requireNonNull(failure));
                IncidentContext occasion = IncidentContext.ofTheRelay(clock.instant());
                database.write(tx -> incidents.record(tx, rules.diagnose(evidence), evidence, occasion));
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
            boolean reported =
                    database.read(tx -> incidents.open(tx)).stream().anyMatch(each -> each.isOfRelay(damaged));
            if (reported && database.isSound()) {
                IncidentContext occasion = IncidentContext.ofTheRelay(clock.instant());
                database.write(tx -> incidents.clear(tx, Place.relay(), Flow.RELAY, occasion));
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
        if (unreported && !database.read(tx -> incidents.isFailing(tx, Place.relay(), Flow.RELAY))) {
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
            if (incidents.isFailing(tx, Place.relay(), Flow.RELAY)) {
                return true;
            }
            Evidence evidence = evidence(Findings.STORE_UNWRITABLE, outage.message, outage.failedAt);
            IncidentContext occasion = IncidentContext.ofTheRelay(clock.instant());
            incidents.record(tx, rules.diagnose(evidence), evidence, occasion);
            incidents.clear(tx, Place.relay(), Flow.RELAY, occasion);
            tx.execute("DELETE FROM store_outage WHERE seq = ?", outage.seq);
        }
        return false;
    }
}
