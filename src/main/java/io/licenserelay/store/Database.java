package io.licenserelay.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * The relay's state in one SQLite file. There is one writer at a time: writes wait for each other in the pool. Readers do
 * not wait. Thread-safe.
 */
public final class Database implements AutoCloseable {
    /** The longest wait of a write: longer than it takes to apply a million licenses. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int READERS = 4;
    /** Checkpoint size of the write-ahead log, in pages of 4 KiB. A larger log writes fewer pages twice. */
    private static final int LOGGED_PAGES = 8_000;

    /** Caches parsed statements. All databases of the process share it, so each statement is parsed once. */
    private static final SqlParser STATEMENTS = new ColonPrefixSqlParser();

    private final HikariDataSource writers;
    private final HikariDataSource readers;
    private final Jdbi writing;
    private final Writer writer;
    private final Jdbi reading;

    private Database(HikariDataSource writers, HikariDataSource readers) {
        this.writers = writers;
        this.readers = readers;
        this.writing = jdbi(writers);
        this.writer = new Writer(writing);
        this.reading = jdbi(readers);
    }

    private static Jdbi jdbi(HikariDataSource pool) {
        Jdbi jdbi = Jdbi.create(pool);
        jdbi.getConfig(SqlStatements.class).setSqlParser(STATEMENTS);
        return jdbi;
    }

    /**
     * Opens {@code relay.db} in the folder and brings its schema up to date.
     *
     * @throws StoreFailed if the file is not a relay database, has the schema of an earlier snapshot, or cannot be read or written
     */
    public static Database open(Path folder) {
        Path file = folder.resolve("relay.db");
        NativeCode.unpack(folder);
        try {
            // SQLite gives its -wal and -shm files the rights of this file.
            OwnerOnly.createFile(file);
            refuseForeignSchema(folder, file);
            // Deferred transactions on a pool fail with SQLITE_BUSY when two upgrade to writing; immediate ones wait.
            HikariDataSource writer = pool("writer", file, 1, TransactionMode.IMMEDIATE);
            migrate(writer, folder);
            return new Database(writer, pool("readers", file, READERS, TransactionMode.DEFERRED));
        } catch (PoolInitializationException | FlywayException | SQLException | IOException e) {
            throw new StoreFailed(file, e);
        }
    }

    /**
     * Opens the state read-only, also while a relay uses it, and also without write access.
     *
     * @return empty if the folder contains no database
     * @throws StoreFailed if it has the schema of an earlier snapshot, or cannot be read
     */
    public static Optional<Database> reading(Path folder) {
        Path file = folder.resolve("relay.db");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        NativeCode.find(folder);
        try {
            if (Files.isWritable(folder) && Files.isWritable(file)) {
                refuseForeignSchema(folder, file);
                HikariDataSource readers = pool("readers", file, READERS, TransactionMode.DEFERRED);
                return Optional.of(new Database(readers, readers));
            }
            HikariDataSource readers = unwritablePool(file);
            refuseForeignSchema(folder, readers);
            return Optional.of(new Database(readers, readers));
        } catch (PoolInitializationException | SQLException | IOException e) {
            throw new StoreFailed(file, e);
        }
    }

    /**
     * Opens the state for a few small writes while a relay may use the folder. The schema stays unchanged.
     *
     * @return empty if the folder has no state of exactly this version
     */
    public static Optional<Database> beside(Path folder) {
        Path file = folder.resolve("relay.db");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        NativeCode.find(folder);
        try {
            HikariDataSource writer = pool("writer", file, 1, TransactionMode.IMMEDIATE);
            if (fingerprint(writer) != Migrations.fingerprint()) {
                writer.close();
                return Optional.empty();
            }
            return Optional.of(new Database(writer, pool("readers", file, READERS, TransactionMode.DEFERRED)));
        } catch (PoolInitializationException | SQLException e) {
            throw new StoreFailed(file, e);
        }
    }

    /** Flyway needs a third of a second even if there is nothing to do, so it runs only if the fingerprint differs. */
    private static void migrate(HikariDataSource writer, Path folder) throws SQLException {
        try {
            int packed = Migrations.fingerprint();
            if (fingerprint(writer) == packed) {
                return;
            }
            Flyway.configure()
                    .dataSource(writer)
                    .locations("classpath:" + Migrations.FOLDER)
                    .placeholders(Migrations.SQLITE)
                    .load()
                    .migrate();
            try (Connection connection = writer.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA user_version = " + packed);
            }
        } catch (FlywayValidateException changed) {
            writer.close();
            throw StoreFailed.ofForeignSchema(folder, changed);
        } catch (SQLException | FlywayException e) {
            writer.close();
            throw e;
        }
    }

    private static int fingerprint(HikariDataSource writer) throws SQLException {
        try (Connection connection = writer.getConnection()) {
            return SchemaHistory.fingerprint(connection);
        }
    }

    /** Runs before the file is opened for writing, because closing it would write the write-ahead log back into it. */
    private static void refuseForeignSchema(Path folder, Path file) throws SQLException, IOException {
        if (Files.size(file) == 0) {
            return;
        }
        SQLiteConfig sqlite = readOnly();
        String url = readOnlyUrl(file, isLogged(file));
        try (Connection connection = DriverManager.getConnection(url, sqlite.toProperties())) {
            if (SchemaHistory.fingerprint(connection) != Migrations.fingerprint()
                    && SchemaHistory.isForeign(connection)) {
                throw StoreFailed.ofForeignSchema(folder, null);
            }
        }
    }

    private static void refuseForeignSchema(Path folder, HikariDataSource readers) throws SQLException {
        try (Connection connection = readers.getConnection()) {
            if (SchemaHistory.isForeign(connection)) {
                throw StoreFailed.ofForeignSchema(folder, null);
            }
        } catch (SQLException | StoreFailed e) {
            readers.close();
            throw e;
        }
    }

    /**
     * Runs the work in a transaction. It is committed when this method returns, and rolled back if the work throws. Concurrent writes are
     * grouped into one transaction, each in its own savepoint.
     *
     * @throws StoreFailed when the database refuses
     */
    public <T> T write(TransactionCallback<T> work) {
        return translated(() -> writer.run(work));
    }

    /**
     * Runs the work in a transaction without waiting for the disk. A crash of the machine may lose it; a killed process does not. Use it only
     * for data that a later {@link #write} makes valid: that write waits for both.
     *
     * @throws StoreFailed when the database refuses
     */
    public <T> T prepare(TransactionCallback<T> work) {
        return translated(() -> writing.withHandle(tx -> {
            tx.execute("PRAGMA synchronous = NORMAL");
            try {
                return tx.inTransaction(work::with);
            } finally {
                tx.execute("PRAGMA synchronous = FULL");
            }
        }));
    }

    /**
     * Runs the work on one consistent snapshot.
     *
     * @throws StoreFailed if the database refuses, as it does for every attempt to write
     */
    public <T> T read(TransactionCallback<T> work) {
        return translated(() -> reading.inTransaction(work::with));
    }

    /**
     * Whether the structure of the whole file is intact. Reads the whole file.
     *
     * @throws StoreFailed if it cannot be read
     */
    public boolean isSound() {
        return read(tx -> tx.createQuery("PRAGMA quick_check(1)")
                        .mapTo(String.class)
                        .one())
                .equals("ok");
    }

    /**
     * Checks that the database accepts a write of this many bytes. A full disk still accepts writes into free pages of the file, so this
     * check makes the file grow, and then frees those pages.
     *
     * @throws StoreFailed when the disk is still full
     */
    public void requireRoom(int bytes) {
        write(tx -> {
            tx.execute("CREATE TABLE IF NOT EXISTS room (filler BLOB)");
            return tx.execute("INSERT INTO room VALUES (zeroblob(?))", bytes);
        });
        write(tx -> tx.execute("DROP TABLE room"));
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
        writers.close();
    }

    private static <T> T translated(Transaction<T> transaction) {
        try {
            return transaction.run();
        } catch (SQLException e) {
            throw new StoreFailed(e);
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    /** Jdbi's own message repeats every bound value, so a log line could contain a whole event. */
    private static RuntimeException translated(JdbiException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return new StoreFailed(sql);
            }
        }
        return e;
    }

    private interface Transaction<T> {
        T run() throws SQLException;
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
