package io.licenserelay.doctor;

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
 * The passwords that servers refused, shared between commands and the relay of the same data folder: neither sends a password again
 * that a server refused to the other. They are stored in the relay's database, which is created if it does not exist. If the
 * database cannot be written, no password is sent.
 */
public final class PasswordMemory implements AutoCloseable {
    private final @Nullable Database database;

    private PasswordMemory(@Nullable Database database) {
        this.database = database;
    }

    /** Opens no database if these sites have no passwords. */
    public static PasswordMemory of(Path data, List<Site> sites) {
        if (sites.stream().noneMatch(PasswordMemory::sendsPassword)) {
            return new PasswordMemory(null);
        }
        try {
            return new PasswordMemory(database(data).orElse(null));
        } catch (StoreFailed | IOException unusable) {
            // The check of the data folder reports the reason.
            return new PasswordMemory(null);
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
        return database == null ? RejectedCredentials.none(clock) : RejectedCredentials.keeping(database, clock);
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }
}
