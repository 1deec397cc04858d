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

/** Looks at one site's Manager: a login, what there is to read, a logout. Thread-safe. */
public final class ManagerInspection implements AutoCloseable {
    /** A look this young is as good as another one. */
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
     * For a look beside a relay: of the Manager nothing is kept, and the log is not fetched.
     *
     * @param refusals shared with the relay
     * @param state what a relay kept, for reading; null when there is none
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

    /** Whether the Manager asked to be left alone for now. */
    public boolean isPutOff() {
        return server.isPutOff();
    }

    /** An operator asks: the password may be sent once more, whatever was answered before. */
    public void allowAttempt() {
        server.allowAttempt();
    }

    /** Looks, fetches the log, and keeps what is seen of syncs; never throws for what the Manager does. */
    public ManagerState watch() {
        ManagerReader reader = read(log, FRESH);
        Instant now = clock.instant();
        Database database = state;
        SyncHistory history = null;
        if (database != null) {
            SyncHistory before = SyncHistory.of(database, site.name()).orElseGet(() -> SyncHistory.begin(now));
            history = reader.history(before, now);
            SyncHistory kept = history;
            database.write(tx -> {
                kept.keep(tx, site.name());
                return 1;
            });
        }
        ManagerState state = reader.readState(history, now);
        last = state;
        return state;
    }

    /** Looks without fetching the log or keeping anything, or takes what was seen within the last minute. */
    public ManagerState glance(Duration patience) {
        ManagerState recent = last;
        Instant requestedAt = clock.instant();
        // What bears a later time is from before the clock was set back.
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
     * How the Manager wants to be asked to sync; asks for none.
     *
     * @throws IOException when it cannot be asked, as far as that is seen before
     */
    public SyncTerms terms(Duration patience) throws IOException {
        try (ManagerSession session = server.open(patience)) {
            return SyncTerms.read(server, session);
        }
    }

    /** The one way to this Manager. */
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
