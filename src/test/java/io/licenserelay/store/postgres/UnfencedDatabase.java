package io.licenserelay.store.postgres;

import io.licenserelay.fixture.PostgresServer;
import io.licenserelay.store.Database;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** A PostgreSQL database whose writes check no owner. */
public final class UnfencedDatabase {
    private static final SiteFence NONE = new SiteFence() {
        @Override
        public void enter(Handle tx, String site) {}

        @Override
        public void share(Handle tx, String site) {}
    };

    private static final SiteLeases ALL = new SiteLeases() {
        @Override
        public Optional<SiteLease> of(String site) {
            return Optional.of(new SiteLease("test", 1));
        }

        @Override
        public boolean works(String site) {
            return true;
        }
    };

    private UnfencedDatabase() {}

    /** For a node of a cluster. */
    public static PostgresDatabase open(String url, Supplier<Properties> connection, SiteLeases leases) {
        return PostgresDatabase.open(url, connection, leases, NONE);
    }

    /** Opens a database that has the relay's schema. */
    public static Database open(String url) {
        return PostgresDatabase.connected(url, PostgresServer::administrator, ALL, NONE);
    }

    /** Opens a database and brings its schema up to date. */
    public static Database migrated(String url) {
        return PostgresDatabase.open(url, PostgresServer::administrator, ALL, NONE);
    }
}
