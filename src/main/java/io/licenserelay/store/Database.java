package io.licenserelay.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The relay's state: in a SQLite file that one process uses, or in PostgreSQL that several relays share.
 *
 * <p>Each write belongs to one site, or to the relay itself. A shared database accepts a write only from the relay that owns
 * the site, and runs the writes of one site one after the other. Writes of different sites do not wait for each other there.
 * Thread-safe.
 */
public interface Database extends AutoCloseable {
    /** What belongs to no site: the publication of events, incidents of the relay itself. It is never a site's name. */
    String RELAY = "relay";

    /**
     * Runs the work in a transaction. It is committed when this method returns, and rolled back if the work throws.
     *
     * @param site the site whose state the work changes, or {@link #RELAY}
     * @throws NotOwner if another relay owns the site; nothing was written
     * @throws StoreFailed when the database refuses
     */
    <T> T write(String site, TransactionCallback<T> work);

    /**
     * Runs the work in a transaction without waiting for the disk. A crash of the machine may lose it; a killed process does
     * not. Use it only for data that a later {@link #write} makes valid: that write waits for both. Its statements name the
     * columns that they read, because they may be prepared.
     *
     * @param site the site whose state the work prepares
     * @throws NotOwner if another relay owns the site; nothing was written
     * @throws StoreFailed when the database refuses
     */
    <T> T prepare(String site, TransactionCallback<T> work);

    /**
     * Runs the work in a transaction without being the owner of a site. Use it only to add a row that the owner takes up: a
     * request, or what this process observed of itself, and to delete such a row.
     *
     * @throws StoreFailed when the database refuses
     */
    <T> T submit(TransactionCallback<T> work);

    /**
     * Whether this relay works for the site. The answer may be outdated when it arrives; {@link #write} decides.
     *
     * @param site the name of a site, or {@link #RELAY}
     */
    boolean owns(String site);

    /**
     * Whether new runs and checks of the site may begin in this relay. False also while this relay works for the site but lets it become idle,
     * so that another relay can take it.
     *
     * @param site the name of a site, or {@link #RELAY}
     */
    boolean acceptsWork(String site);

    /**
     * Whether other relays use the database too. The times in it come from several clocks then, which the cluster keeps close
     * to that of the database.
     */
    boolean isShared();

    /**
     * Runs the work on one consistent snapshot.
     *
     * @throws StoreFailed if the database refuses, as it does for every attempt to write
     */
    <T> T read(TransactionCallback<T> work);

    /**
     * Tells the database to look at the contents of a table again, after a large change of them, so that it chooses the right
     * indexes.
     *
     * @param table the name of a table of the schema
     * @throws StoreFailed when the database refuses
     */
    void refreshStatistics(String table);

    /**
     * Whether the structure of the stored data is intact.
     *
     * @throws StoreFailed if it cannot be read
     */
    boolean isSound();

    /**
     * Checks that the database accepts a write of this many bytes.
     *
     * @throws StoreFailed when the disk is still full
     */
    void requireRoom(int bytes);

    /** The writes by {@link #write} and {@link #submit} of this process. */
    WriteStatistics writes();

    /** Waits for the writes that have begun. */
    @Override
    void close();

    /**
     * Opens {@code relay.db} in the folder and brings its schema up to date.
     *
     * @throws StoreFailed if the file is not a relay database, has a schema that this version cannot use, or cannot be read or
     *     written
     */
    static Database open(Path folder) {
        return SqliteDatabase.open(folder);
    }

    /**
     * Opens {@code relay.db} read-only, also while a relay uses it, and also without write access.
     *
     * @return empty if the folder contains no database
     * @throws StoreFailed if it has a schema that this version cannot use, or cannot be read
     */
    static Optional<Database> reading(Path folder) {
        return SqliteDatabase.reading(folder);
    }

    /**
     * Opens {@code relay.db} for a few small writes while a relay may use the folder. The schema stays unchanged.
     *
     * @return empty if the folder has no state with a schema that this version can use as it is
     */
    static Optional<Database> beside(Path folder) {
        return SqliteDatabase.beside(folder);
    }
}
