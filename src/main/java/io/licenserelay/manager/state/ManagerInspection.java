package io.licenserelay.manager.state;

import io.licenserelay.config.site.Site;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.http.HttpSender;
import io.licenserelay.manager.ManagerServer;
import io.licenserelay.manager.ManagerSession;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Inspects one site's Manager: logs in, reads the available data and logs out. Thread-safe. */
public final class ManagerInspection implements AutoCloseable {
    /** A result of this age is used again. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Site site;
    private final ManagerServer server;
    private final @Nullable ManagerLog log;
    private final @Nullable Database state;
    private final Clock clock;
    private volatile @Nullable ManagerState last;

    /** @throws IOException when a trust file cannot be read */
    public ManagerInspection(Site site, Database database, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        this.site = site;
        this.server = new ManagerServer(site, RejectedCredentials.keeping(database, clock), http, redactor, clock);
        Site.LogFile kept = server.manager().log();
        this.log = kept == null ? null : new ManagerLog(kept, server.manager().fetches(), redactor, clock);
        this.state = database;
        this.clock = clock;
    }

    /**
     * Creates an inspection for a command beside a running relay. It stores nothing about the Manager and does not fetch the log.
     *
     * @param refusals shared with the relay
     * @param state the relay's database, read-only; null if there is none
     */
    public static ManagerInspection looking(
            Site site, RejectedCredentials refusals, @Nullable Database state, Redactor redactor, Clock clock)
            throws IOException {
        HttpSender http = new HttpRequests(clock);
        return new ManagerInspection(site, new ManagerServer(site, refusals, http, redactor, clock), state, clock);
    }

    private ManagerInspection(Site site, ManagerServer server, @Nullable Database state, Clock clock) {
        this.site = site;
        this.server = server;
        this.log = null;
        this.state = state;
        this.clock = clock;
    }

    /** Whether the Manager requested a pause that is still running. */
    public boolean isPutOff() {
        return server.isPutOff();
    }

    /** An operator requested an attempt: the password may be sent once, whatever the earlier answer. */
    public void allowAttempt() {
        server.allowAttempt();
    }

    /**
     * Inspects the Manager, fetches its log and stores the observed syncs. A failure of the Manager is part of the result, not an
     * exception.
     */
    public ManagerState watch() {
        ManagerReader reader = read(log, FRESH);
        Instant now = clock.instant();
        Database database = state;
        SyncHistory history = null;
        if (database != null) {
            SyncHistory before = SyncHistory.of(database, site.name()).orElseGet(() -> SyncHistory.begin(now));
            history = reader.history(before, now);
            SyncHistory kept = history;
            database.write(site.name(), tx -> {
                kept.keep(tx, site.name());
                return 1;
            });
        }
        ManagerState state = reader.readState(history, now);
        last = state;
        return state;
    }

    /** Inspects the Manager without fetching its log and without storing anything, or returns the result of the last minute. */
    public ManagerState glance(Duration patience) {
        ManagerState recent = last;
        Instant requestedAt = clock.instant();
        // A later time than now means that the clock was set back.
        if (recent != null
                && recent.at().plus(FRESH).isAfter(requestedAt)
                && !recent.at().isAfter(requestedAt)) {
            return recent;
        }
        ManagerReader reader = read(null, patience);
        Instant now = clock.instant();
        SyncHistory history = state == null
                ? null
                : SyncHistory.of(state, site.name())
                        .map(before -> reader.history(before, now))
                        .orElse(null);
        ManagerState state = reader.readState(history, now);
        last = state;
        return state;
    }

    /**
     * Reads the parameters that this Manager needs in a sync request. It does not request a sync.
     *
     * @throws IOException when a sync cannot be requested, as far as this is known in advance
     */
    public SyncTerms terms(Duration patience) throws IOException {
        try (ManagerSession session = server.open(patience)) {
            return SyncTerms.read(server, session);
        }
    }

    /** The connection to this Manager; there is only one. */
    public ManagerServer server() {
        return server;
    }

    private ManagerReader read(@Nullable ManagerLog fetched, Duration patience) {
        ManagerReader reader = new ManagerReader(server);
        if (fetched != null) {
            reader.readWithoutManager(fetched);
        }
        try (ManagerSession session = server.open(patience)) {
            reader.read(session, fetched);
        } catch (IOException refused) {
            reader.failed(refused);
        }
        return reader;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
