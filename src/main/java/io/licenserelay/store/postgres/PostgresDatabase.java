package io.licenserelay.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.licenserelay.store.CachedStatements;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.store.TransactionCallback;
import io.licenserelay.store.WriteCounter;
import io.licenserelay.store.WriteStatistics;
import io.licenserelay.store.schema.Migrations;
import io.licenserelay.store.schema.SchemaHistory;
import io.licenserelay.store.schema.SchemaState;
import io.licenserelay.store.schema.SchemaState.Fit;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.Jdbi;

/** The state in PostgreSQL 14 or newer. Each write is a transaction of its own, fenced by {@link SiteFence}. */
public final class PostgresDatabase implements Database {
    /** Connections for writes. Writes of one site wait for each other before they take one. */
    private static final int WRITERS = 8;

    private static final int READERS = 4;

    /** Connections for preparations. */
    private static final int PREPARERS = 4;

    /** The longest wait for a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * The server ends a transaction that makes no statement for so long, or that does not take its answer: that of a paused
     * relay, whose lock on a site would keep its successor waiting. It also bounds the wait for a lock, and the longest
     * statement (a million licenses are applied by statements of some seconds).
     */
    private static final String LIMITS = "SET idle_in_transaction_session_timeout = '10s';"
            + " SET tcp_user_timeout = '10s'; SET lock_timeout = '60s'; SET statement_timeout = '5min'";

    /** The longest wait for an answer of the server: longer than a statement may take. Later the answer is lost. */
    private static final Duration SILENCE = Duration.ofMinutes(5).plusSeconds(30);

    private final String address;
    private final HikariDataSource writers;
    private final HikariDataSource preparers;
    private final HikariDataSource readers;
    private final Jdbi writing;
    private final Jdbi preparing;
    private final Jdbi reading;
    private final SiteLeases leases;
    private final SiteFence fence;
    private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();
    private final WriteCounter writes = new WriteCounter();

    private PostgresDatabase(String url, Supplier<Properties> connection, SiteLeases leases, SiteFence fence) {
        this.address = url;
        this.writers = new HikariDataSource(pool("writers", url, unprepared(connection), WRITERS));
        HikariConfig unsynced = pool("preparers", url, connection, PREPARERS);
        unsynced.setConnectionInitSql(LIMITS + "; SET synchronous_commit = off");
        this.preparers = new HikariDataSource(unsynced);
        this.readers = readers(url, connection);
        this.writing = CachedStatements.on(writers).registerArgument(new TextArgument());
        this.preparing = CachedStatements.on(preparers).registerArgument(new TextArgument());
        this.reading = CachedStatements.on(readers).registerArgument(new TextArgument());
        this.leases = leases;
        this.fence = fence;
    }

    /** Without a pool that writes. */
    private PostgresDatabase(String url, HikariDataSource readers) {
        this.address = url;
        this.writers = readers;
        this.preparers = readers;
        this.readers = readers;
        this.writing = CachedStatements.on(readers).registerArgument(new TextArgument());
        this.preparing = writing;
        this.reading = writing;
        this.leases = NothingOwned.INSTANCE;
        this.fence = new OwnerRowFence(leases);
    }

    /**
     * The driver does not prepare statements: a newer relay may add a column while this one runs, and PostgreSQL then refuses a prepared
     * statement that reads all columns.
     */
    private static Supplier<Properties> unprepared(Supplier<Properties> connection) {
        return () -> {
            Properties properties = new Properties();
            properties.putAll(connection.get());
            properties.setProperty("prepareThreshold", "0");
            return properties;
        };
    }

    private static HikariDataSource readers(String url, Supplier<Properties> connection) {
        HikariConfig readOnly = pool("readers", url, unprepared(connection), READERS);
        readOnly.setReadOnly(true);
        readOnly.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        return new HikariDataSource(readOnly);
    }

    /**
     * Connects read-only. The schema stays unchanged.
     *
     * @return empty if no relay has created the schema yet
     * @throws StoreFailed if the server cannot be reached or refuses, or if it has a schema that this version cannot use
     */
    public static Optional<Database> reading(String url, Supplier<Properties> connection) {
        return reading(url, connection, Migrations.PACKED);
    }

    static Optional<Database> reading(String url, Supplier<Properties> connection, Migrations migrations) {
        return connected(url, connection, migrations, () -> new PostgresDatabase(url, readers(url, connection)));
    }

    /**
     * Connects for a process that owns no site: it may read, and {@link #submit}. The schema stays unchanged.
     *
     * @return empty if no relay has created the schema yet
     * @throws StoreFailed if the server cannot be reached or refuses, or if it has a schema that this version cannot use
     */
    public static Optional<Database> beside(String url, Supplier<Properties> connection) {
        return connected(
                url,
                connection,
                Migrations.PACKED,
                () -> new PostgresDatabase(
                        url, connection, NothingOwned.INSTANCE, new OwnerRowFence(NothingOwned.INSTANCE)));
    }

    private static Optional<Database> connected(
            String url, Supplier<Properties> connection, Migrations migrations, Supplier<PostgresDatabase> open) {
        try (Connection first = DriverManager.getConnection(url, connection.get())) {
            SchemaState schema = requireFit(url, SchemaHistory.read(first, migrations));
            if (schema.fit() == Fit.OLDER) {
                throw StoreFailed.ofOlderSchema(place(url), schema);
            }
            return schema.fit() == Fit.EMPTY ? Optional.empty() : Optional.of(open.get());
        } catch (SQLException | PoolInitializationException e) {
            throw StoreFailed.ofServer(url, e);
        }
    }

    private static SchemaState requireFit(String url, SchemaState schema) {
        return switch (schema.fit()) {
            case FOREIGN -> throw StoreFailed.ofForeignServerSchema(url, null);
            case TOO_NEW -> throw StoreFailed.ofNewerSchema(place(url), schema);
            case EMPTY, OLDER, SAME, NEWER -> schema;
        };
    }

    private static String place(String url) {
        return "The database " + url;
    }

    /** The leases of a process that owns nothing. */
    private enum NothingOwned implements SiteLeases {
        INSTANCE;

        @Override
        public Optional<SiteLease> of(String site) {
            return Optional.empty();
        }

        @Override
        public boolean works(String site) {
            return false;
        }
    }

    /**
     * Connects, and brings the schema up to date.
     *
     * @param url {@code jdbc:postgresql://host/database}
     * @param connection user, password and TLS of a new connection, as properties of the driver
     * @param leases what this relay may write
     * @throws StoreFailed if the server cannot be reached or refuses, or if it has a schema that this version cannot use
     */
    public static PostgresDatabase open(String url, Supplier<Properties> connection, SiteLeases leases) {
        return open(url, connection, leases, Migrations.PACKED);
    }

    /**
     * The same for a relay with other migrations.
     *
     * @param migrations those of that relay
     */
    public static PostgresDatabase open(
            String url, Supplier<Properties> connection, SiteLeases leases, Migrations migrations) {
        migrate(url, connection, migrations);
        return connected(url, connection, leases, new OwnerRowFence(leases));
    }

    static PostgresDatabase open(String url, Supplier<Properties> connection, SiteLeases leases, SiteFence fence) {
        migrate(url, connection, Migrations.PACKED);
        return connected(url, connection, leases, fence);
    }

    /** Connects to a database whose schema is up to date. */
    static PostgresDatabase connected(String url, Supplier<Properties> connection, SiteLeases leases, SiteFence fence) {
        try {
            return new PostgresDatabase(url, connection, leases, fence);
        } catch (PoolInitializationException e) {
            throw StoreFailed.ofServer(url, e);
        }
    }

    /** Brings the schema up to date. */
    static void migrate(String url, Supplier<Properties> connection, Migrations migrations) {
        try {
            requireFit(
                    url,
                    migrations.bringUpToDate(new ServerConnections(url, connection, SILENCE), Migrations.POSTGRESQL));
        } catch (FlywayValidateException changed) {
            throw StoreFailed.ofForeignServerSchema(url, changed);
        } catch (FlywayException | SQLException e) {
            throw StoreFailed.ofServer(url, e);
        }
    }

    private static HikariConfig pool(String name, String url, Supplier<Properties> connection, int size) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setDataSource(new ServerConnections(url, connection, SILENCE));
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(0);
        pool.setConnectionInitSql(LIMITS);
        pool.setConnectionTimeout(PATIENCE.toMillis());
        return pool;
    }

    @Override
    public <T> T write(String site, TransactionCallback<T> work) {
        return writes.count(() -> inTurn(site, work));
    }

    private <T> T inTurn(String site, TransactionCallback<T> work) {
        ReentrantLock turn = turns.computeIfAbsent(site, name -> new ReentrantLock(true));
        if (turn.isHeldByCurrentThread()) {
            throw new IllegalStateException("a write must not start another write");
        }
        turn.lock();
        try {
            return StoreFailed.translated(() -> writing.inTransaction(tx -> {
                fence.enter(tx, site);
                return Objects.requireNonNull(work.with(tx), "the work returned null");
            }));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public <T> T prepare(String site, TransactionCallback<T> work) {
        return StoreFailed.translated(() -> preparing.inTransaction(tx -> {
            fence.share(tx, site);
            return work.with(tx);
        }));
    }

    @Override
    public <T> T submit(TransactionCallback<T> work) {
        return writes.count(() -> StoreFailed.translated(() -> writing.inTransaction(work::with)));
    }

    @Override
    public boolean owns(String site) {
        return leases.works(site);
    }

    @Override
    public boolean acceptsWork(String site) {
        return leases.acceptsWork(site);
    }

    @Override
    public WriteStatistics writes() {
        return writes.statistics();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public <T> T read(TransactionCallback<T> work) {
        return StoreFailed.translated(() -> reading.inTransaction(work::with));
    }

    @Override
    public void refreshStatistics(String table) {
        StoreFailed.translated(() -> writing.withHandle(session -> session.execute("ANALYZE " + table)));
    }

    /** True: PostgreSQL reports a damaged page to the statement that reads it, and a check of everything is its operator's. */
    @Override
    public boolean isSound() {
        return true;
    }

    /** Whether the server accepts a write. A full disk also refuses small writes there, so the size makes no difference. */
    @Override
    public void requireRoom(int bytes) {
        write(RELAY, tx -> tx.execute("UPDATE site_owner SET epoch = epoch WHERE site = ?", RELAY));
    }

    /**
     * Ends all statements and transactions at once, also those that wait for an answer that was lost: this relay has lost what it
     * owned, and they must not keep it from joining the cluster again. Later statements use new connections.
     */
    public void abort() {
        for (HikariDataSource pool : List.of(writers, preparers, readers)) {
            if (pool.getDataSource() instanceof ServerConnections connections) {
                connections.abort();
            }
        }
    }

    @Override
    public void close() {
        readers.close();
        preparers.close();
        writers.close();
    }

    @Override
    public String toString() {
        return address;
    }
}
