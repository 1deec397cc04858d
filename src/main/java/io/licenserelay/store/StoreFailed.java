package io.licenserelay.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A database operation failed: the disk is full, the file is damaged, or the database is unreachable. */
public final class StoreFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Primary result codes of SQLite. The higher bits distinguish variants. */
    private static final int CORRUPT = 11;

    private static final int NOT_A_DATABASE = 26;
    private static final int PRIMARY = 0xff;

    /** No permission, busy, read-only, an error of the disk, full, cannot be opened. */
    private static final Set<Integer> UNWRITABLE = Set.of(3, 5, 8, 10, 13, 14);

    private final boolean foreignSchema;

    StoreFailed(SQLException cause) {
        this("the database refused: " + cause.getMessage(), cause, false);
    }

    /** The database could not be opened. */
    StoreFailed(Path file, Exception cause) {
        this(
                isCorrupt(cause)
                        ? "LIC8004: the database " + file + " is damaged: " + cause.getMessage()
                                + "; keep the file, and restore the data folder or start with a new one (events in the damaged file"
                                + " that were not yet sent to Kafka are then lost)."
                        : "The database " + file + " cannot be opened: " + cause.getMessage() + ".",
                cause,
                false);
    }

    /** The schema is from another version, and no migration exists from it to the schema of this version. */
    static StoreFailed ofForeignSchema(Path folder, @Nullable Exception cause) {
        return new StoreFailed(
                "The data folder " + folder
                        + " was written by an earlier snapshot of License Relay. This version cannot read its database"
                        + " schema. Nothing in it was changed. Move the folder to another place (mv " + folder + " "
                        + folder
                        + ".old) and start again: the relay creates a new one. Only the snapshot that wrote it can"
                        + " still publish its waiting events to Kafka.",
                cause,
                true);
    }

    private StoreFailed(String message, @Nullable Exception cause, boolean foreignSchema) {
        super(message, cause);
        this.foreignSchema = foreignSchema;
    }

    /** Whether another version created the database, with a schema that this version cannot read. The database is intact. */
    public boolean hasForeignSchema() {
        return foreignSchema;
    }

    /** Whether the file is damaged or is not a database. More space or other rights do not help. */
    public boolean isCorrupt() {
        return isCorrupt(getCause());
    }

    /** Whether every write fails: the disk is full or broken, or the file may not be written. */
    public boolean isUnwritable() {
        return hasCode(getCause(), UNWRITABLE::contains);
    }

    private static boolean isCorrupt(@Nullable Throwable thrown) {
        return hasCode(thrown, code -> code == CORRUPT || code == NOT_A_DATABASE);
    }

    private static boolean hasCode(@Nullable Throwable thrown, IntPredicate expected) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && expected.test(sql.getErrorCode() & PRIMARY)) {
                return true;
            }
        }
        return false;
    }
}
