package io.licenserelay.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.licenserelay.store.schema.Migrations;
import io.licenserelay.store.schema.SchemaHistory;
import io.licenserelay.store.schema.SchemaState;
import io.licenserelay.store.schema.SchemaState.Fit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * The state in one SQLite file. One process uses it, so it has no owners of sites. There is one writer at a time: concurrent
 * writes are grouped into one transaction, each in its own savepoint, so they share one disk sync. Readers do not wait.
 */
final class SqliteDatabase implements Database {
    /** The longest wait of a write: longer than it takes to apply a million licenses. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int READERS = 4;
    /** Checkpoint size of the write-ahead log, in pages of 4 KiB. A larger log writes fewer pages twice. */
    private static final int LOGGED_PAGES = 8_000;

    private final HikariDataSource writers;
    private final HikariDataSource readers;
    private final Jdbi writing;
    private final Writer writer;
    private final WriteCounter writes = new WriteCounter();
    private final Jdbi reading;

    private SqliteDatabase(HikariDataSource writers, HikariDataSource readers) {
        this.writers = writers;
        this.readers = readers;
        this.writing = CachedStatements.on(writers);
        this.writer = new Writer(writing);
        this.reading = CachedStatements.on(readers);
    }

    /**
     * Opens {@code relay.db} in the folder and brings its schema up to date.
     *
     * @throws StoreFailed if the file is not a relay database, has a schema that this version cannot use, or cannot be read or written
     */
    static Database open(Path folder) {
        return open(folder, Migrations.PACKED);
    }

    static Database open(Path folder, Migrations migrations) {
        Path file = folder.resolve("relay.db");
        NativeCode.unpack(folder);
        try {
            // SQLite gives its -wal and -shm files the rights of this file.
            OwnerOnly.createFile(file);
            requireFit(folder, file, migrations);
            // Deferred transactions on a pool fail with SQLITE_BUSY when two upgrade to writing; immediate ones wait.
            HikariDataSource writer = pool("writer", file, 1, TransactionMode.IMMEDIATE);
            migrate(writer, folder, migrations);
            return new SqliteDatabase(writer, pool("readers", file, READERS, TransactionMode.DEFERRED));
        } catch (PoolInitializationException | FlywayException | SQLException | IOException e) {
            throw new StoreFailed(file, e);
        }
    }

    /**
     * Opens the state read-only, also while a relay uses it, and also without write access.
     *
     * @return empty if the folder contains no database
     * @throws StoreFailed if it has a schema that this version cannot use, or cannot be read
     */
    static Optional<Database> reading(Path folder) {
        return reading(folder, Migrations.PACKED);
    }

    static Optional<Database> reading(Path folder, Migrations migrations) {
        Path file = folder.resolve("relay.db");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        NativeCode.find(folder);
        try {
            if (Files.isWritable(folder) && Files.isWritable(file)) {
                requireCurrent(folder, requireFit(folder, file, migrations));
                HikariDataSource readers = pool("readers", file, READERS, TransactionMode.DEFERRED);
                return Optional.of(new SqliteDatabase(readers, readers));
            }
            HikariDataSource readers = unwritablePool(file);
            requireCurrent(folder, readers, migrations);
            return Optional.of(new SqliteDatabase(readers, readers));
        } catch (PoolInitializationException | SQLException | IOException e) {
            throw new StoreFailed(file, e);
        }
    }

    /**
     * Opens the state for a few small writes while a relay may use the folder. The schema stays unchanged.
     *
     * @return empty if the folder has no state with a schema that this version can use as it is
     */
    static Optional<Database> beside(Path folder) {
        return beside(folder, Migrations.PACKED);
    }

    static Optional<Database> beside(Path folder, Migrations migrations) {
        Path file = folder.resolve("relay.db");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        NativeCode.find(folder);
        try {
            HikariDataSource writer = pool("writer", file, 1, TransactionMode.IMMEDIATE);
            if (!isUsable(writer, migrations)) {
                writer.close();
                return Optional.empty();
            }
            return Optional.of(new SqliteDatabase(writer, pool("readers", file, READERS, TransactionMode.DEFERRED)));
        } catch (PoolInitializationException | SQLException e) {
            throw new StoreFailed(file, e);
        }
    }

    /** Flyway needs a third of a second even if there is nothing to do, so it runs only if the fingerprint differs. */
    private static void migrate(HikariDataSource writer, Path folder, Migrations migrations) throws SQLException {
        try {
            if (fingerprint(writer) == migrations.fingerprint()) {
                return;
            }
            if (migrations.bringUpToDate(writer, Migrations.SQLITE).fit() == Fit.SAME) {
                try (Connection connection = writer.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("PRAGMA user_version = " + migrations.fingerprint());
                }
            }
        } catch (FlywayValidateException changed) {
            writer.close();
            throw StoreFailed.ofForeignSchema(folder, changed);
        } catch (SQLException | FlywayException e) {
            writer.close();
            throw e;
        }
    }

    private static boolean isUsable(HikariDataSource writer, Migrations migrations) throws SQLException {
        if (fingerprint(writer) == migrations.fingerprint()) {
            return true;
        }
        try (Connection connection = writer.getConnection()) {
            return SchemaHistory.read(connection, migrations).fit() == Fit.NEWER;
        }
    }

    private static int fingerprint(HikariDataSource writer) throws SQLException {
        try (Connection connection = writer.getConnection()) {
            return fingerprint(connection);
        }
    }

    /** The {@linkplain Migrations#fingerprint fingerprint} of the migrations that made the schema; 0 in a new file. */
    private static int fingerprint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("PRAGMA user_version")) {
            return version.getInt(1);
        }
    }

    /** Runs before the file is opened for writing, because closing it would write the write-ahead log back into it. */
    private static SchemaState requireFit(Path folder, Path file, Migrations migrations)
            throws SQLException, IOException {
        if (Files.size(file) == 0) {
            return new SchemaState(Fit.EMPTY, 0, 0, migrations.version());
        }
        SQLiteConfig sqlite = readOnly();
        String url = readOnlyUrl(file, isLogged(file));
        try (Connection connection = DriverManager.getConnection(url, sqlite.toProperties())) {
            return requireFit(folder, SchemaHistory.read(connection, migrations));
        }
    }

    private static SchemaState requireFit(Path folder, SchemaState schema) {
        return switch (schema.fit()) {
            case FOREIGN -> throw StoreFailed.ofForeignSchema(folder, null);
            case TOO_NEW -> throw StoreFailed.ofNewerSchema(place(folder), schema);
            case EMPTY, OLDER, SAME, NEWER -> schema;
        };
    }

    /** Without a migration, the statements of this version may miss a column. */
    private static void requireCurrent(Path folder, SchemaState schema) {
        if (schema.fit() == Fit.OLDER) {
            throw StoreFailed.ofOlderSchema(place(folder), schema);
        }
    }

    private static void requireCurrent(Path folder, HikariDataSource readers, Migrations migrations)
            throws SQLException {
        try (Connection connection = readers.getConnection()) {
            requireCurrent(folder, requireFit(folder, SchemaHistory.read(connection, migrations)));
        } catch (SQLException | StoreFailed e) {
            readers.close();
            throw e;
        }
    }

    private static String place(Path folder) {
        return "The database in the data folder " + folder;
    }

    @Override
    public <T> T write(String site, TransactionCallback<T> work) {
        return writes.count(() -> StoreFailed.translated(() -> writer.run(work)));
    }

    @Override
    public <T> T prepare(String site, TransactionCallback<T> work) {
        return StoreFailed.translated(() -> writing.withHandle(tx -> {
            tx.execute("PRAGMA synchronous = NORMAL");
            try {
                return tx.inTransaction(work::with);
            } finally {
                tx.execute("PRAGMA synchronous = FULL");
            }
        }));
    }

    @Override
    public <T> T submit(TransactionCallback<T> work) {
        return write(RELAY, work);
    }

    /** True: the data folder is locked by this process. */
    @Override
    public boolean owns(String site) {
        return true;
    }

    @Override
    public boolean acceptsWork(String site) {
        return true;
    }

    @Override
    public WriteStatistics writes() {
        return writes.statistics();
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public <T> T read(TransactionCallback<T> work) {
        return StoreFailed.translated(() -> reading.inTransaction(work::with));
    }

    /** SQLite chooses the indexes of the relay's statements without statistics. */
    @Override
    public void refreshStatistics(String table) {}

    /** Reads the whole file. */
    @Override
    public boolean isSound() {
        return read(tx -> tx.createQuery("PRAGMA quick_check(1)")
                        .mapTo(String.class)
                        .one())
                .equals("ok");
    }

    /**
     * A full disk still accepts writes into free pages of the file, so this check makes the file grow, and then frees
     * those pages.
     */
    @Override
    public void requireRoom(int bytes) {
        write(RELAY, tx -> {
            tx.execute("CREATE TABLE IF NOT EXISTS room (filler BLOB)");
            return tx.execute("INSERT INTO room VALUES (zeroblob(?))", bytes);
        });
        write(RELAY, tx -> tx.execute("DROP TABLE room"));
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
        writers.close();
    }

    private static HikariDataSource pool(String name, Path file, int size, TransactionMode mode) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(JournalMode.WAL);
        sqlite.setSynchronous(SynchronousMode.FULL);
        sqlite.setTransactionMode(mode);
        sqlite.setBusyTimeout((int) PATIENCE.toMillis());
        HikariConfig pool = new HikariConfig();
        if (mode == TransactionMode.DEFERRED) {
            pool.setConnectionInitSql("PRAGMA query_only = ON");
        } else {
            pool.setConnectionInitSql("PRAGMA wal_autocheckpoint = " + LOGGED_PAGES);
        }
        return pool(pool, name, "jdbc:sqlite:" + file, sqlite, size);
    }

    /**
     * A pool without write access, so SQLite cannot create the -shm file that readers of a write-ahead log share. Without a write-ahead log
     * there is no writer, and the file is opened as immutable. With a write-ahead log the existing -shm file is used.
     */
    private static HikariDataSource unwritablePool(Path file) throws IOException {
        Path shared = shared(file);
        boolean logged = isLogged(file);
        if (logged && !Files.exists(shared)) {
            throw new IOException("its newest content is in " + log(file).getFileName() + ". To read it, SQLite needs "
                    + shared.getFileName() + ", which is missing, and this user may not create it; copy the data"
                    + " folder to a place where this user may write");
        }
        HikariConfig pool = new HikariConfig();
        pool.setReadOnly(true);
        return pool(pool, "readers", readOnlyUrl(file, logged), readOnly(), READERS);
    }

    private static Path log(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private static Path shared(Path file) {
        return file.resolveSibling(file.getFileName() + "-shm");
    }

    private static boolean isLogged(Path file) throws IOException {
        Path log = log(file);
        return Files.exists(log) && (Files.exists(shared(file)) || Files.size(log) > 0);
    }

    private static SQLiteConfig readOnly() {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setReadOnly(true);
        sqlite.setBusyTimeout((int) PATIENCE.toMillis());
        return sqlite;
    }

    private static String readOnlyUrl(Path file, boolean logged) {
        return "jdbc:sqlite:" + file.toUri().toString().replaceFirst("^file:/+", "file:/")
                + (logged ? "?mode=ro" : "?immutable=1");
    }

    private static HikariDataSource pool(HikariConfig pool, String name, String url, SQLiteConfig sqlite, int size) {
        pool.setPoolName(name);
        pool.setJdbcUrl(url);
        pool.setDataSourceProperties(sqlite.toProperties());
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(PATIENCE.toMillis());
        return new HikariDataSource(pool);
    }
}
