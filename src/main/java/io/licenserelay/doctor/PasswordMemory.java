package io.licenserelay.doctor;

import io.licenserelay.app.member.StoredState;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Site;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.DataFolder;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The passwords that servers refused, shared between commands and the relays of the same state: neither sends a password again
 * that a server refused to the other. They are stored in the relay's database. In a data folder it is created if it does not exist. If the
 * database cannot be written, no password is sent.
 */
public final class PasswordMemory implements AutoCloseable {
    private final @Nullable Database database;
    private final boolean shared;

    private PasswordMemory(@Nullable Database database, boolean shared) {
        this.database = database;
        this.shared = shared;
    }

    /** Opens no database if these sites have no passwords. */
    public static PasswordMemory of(Path data, StoredState state, List<Site> sites) {
        boolean shared = state.cluster().isPresent();
        if (sites.stream().noneMatch(PasswordMemory::sendsPassword)) {
            return new PasswordMemory(null, shared);
        }
        try {
            return new PasswordMemory((shared ? state.besideRelays() : database(data)).orElse(null), shared);
        } catch (StoreFailed | IOException unusable) {
            // The check of the data folder reports the reason.
            return new PasswordMemory(null, shared);
        }
    }

    private static boolean sendsPassword(Site site) {
        return site.ssm().grant() == Grant.PASSWORD
                || site.manager() != null
                || site.reports().devices() != null;
    }

    /** Releases the data folder at once, so that a relay can start meanwhile. */
    private static Optional<Database> database(Path data) throws IOException {
        Optional<DataFolder> free = DataFolder.take(data);
        if (free.isEmpty()) {
            return Database.beside(data);
        }
        try (DataFolder held = free.get()) {
            return Optional.of(Database.open(held.path()));
        }
    }

    public RejectedCredentials refusals(Clock clock) {
        if (database == null) {
            return RejectedCredentials.none(clock);
        }
        return shared
                ? RejectedCredentials.besideOwners(database, clock)
                : RejectedCredentials.keeping(database, clock);
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }
}
