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
 * What servers answered to passwords, shared by commands with the relay of the same data folder: what the one was refused, the other does
 * not send. It lies in the relay's database, which is made when there is none yet. Where it cannot be written, no password is sent.
 */
public final class PasswordMemory implements AutoCloseable {
    private final @Nullable Database database;

    private PasswordMemory(@Nullable Database database) {
        this.database = database;
    }

    /** Touches nothing when no password is configured for these sites. */
    public static PasswordMemory of(Path data, List<Site> sites) {
        if (sites.stream().noneMatch(PasswordMemory::sendsPassword)) {
            return new PasswordMemory(null);
        }
        try {
            return new PasswordMemory(database(data).orElse(null));
        } catch (StoreFailed | IOException unusable) {
            // The check of the data folder says why.
            return new PasswordMemory(null);
        }
    }

    private static boolean sendsPassword(Site site) {
        return site.ssm().grant() == Grant.PASSWORD
                || site.manager() != null
                || site.reports().devices() != null;
    }

    /** The folder is let go at once: a relay may start meanwhile. */
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
