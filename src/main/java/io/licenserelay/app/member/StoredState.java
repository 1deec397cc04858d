package io.licenserelay.app.member;

import io.licenserelay.cluster.ClusterDatabase;
import io.licenserelay.cluster.ClusterView;
import io.licenserelay.config.cluster.NodeSettings;
import io.licenserelay.config.cluster.StoreSettings;
import io.licenserelay.store.Database;
import io.licenserelay.store.postgres.PostgresDatabase;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of the relays of a configuration, for a process that is none of them: in a data folder, or in a shared database. */
public final class StoredState {
    private final Path data;
    private final @Nullable StoreSettings store;

    /** @param data the data folder, which holds the state if the configuration names no shared database */
    public StoredState(Path data, NodeSettings settings) {
        this.data = data;
        this.store = settings.store();
    }

    /**
     * Opens the state read-only, also while relays use it.
     *
     * @return empty if no relay has created it yet
     * @throws io.licenserelay.store.StoreFailed if it cannot be read
     */
    public Optional<Database> reading() {
        return store == null ? Database.reading(data) : PostgresDatabase.reading(store.url(), store::connection);
    }

    /**
     * Opens a shared state for requests and for small writes of what this process observes, also while relays use it.
     *
     * @return empty if the state is not shared, or no relay has created it yet
     * @throws io.licenserelay.store.StoreFailed if it cannot be used
     */
    public Optional<Database> besideRelays() {
        return store == null ? Optional.empty() : PostgresDatabase.beside(store.url(), store::connection);
    }

    /** The nodes that share the state; empty if it is not shared. */
    public Optional<ClusterView> cluster() {
        StoreSettings shared = store;
        return shared == null
                ? Optional.empty()
                : Optional.of(new ClusterView(new ClusterDatabase(shared.url(), shared::connection)::open));
    }

    /** Where it is, for people: {@code data}, or {@code PostgreSQL at db.example.net:5432/relay}. */
    @Override
    public String toString() {
        return store == null ? data.toString() : "PostgreSQL at " + store.place();
    }
}
