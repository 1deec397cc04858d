package io.licenserelay.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The database did not do what it was told: the disk is full, the file is damaged, or it is away. */
public final class StoreFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Primary result codes of SQLite; the bits above tell variants apart. */
    private static final int CORRUPT = 11;

    private static final int NOT_A_DATABASE = 26;
    private static final int PRIMARY = 0xff;

    /** No permission, busy, read-only, an error of the disk, full, cannot be opened. */
    private static final Set<Integer> UNWRITABLE = Set.of(3, 5, 8, 10, 13, 14);

    private final boolean foreignSchema;

    StoreFailed(SQLException cause) {
        this("the database refused: " + cause.getMessage(), cause, false);
    }

    /** It could not be opened at all. */
    StoreFailed(Path file, Exception cause) {
        this(
                isCorrupt(cause)
                        ? "LIC8004: the database " + file + " is damaged: " + cause.getMessage()
                                + "; keep the file, and restore the data folder or start with a new one (what waits in it"
                                + " for Kafka is lost then)."
                        : "The database " + file + " cannot be opened: " + cause.getMessage() + ".",
                cause,
                false);
    }

    /** The schema is not that of this version, and no migration leads from it to that one. */
    static StoreFailed ofForeignSchema(Path folder, @Nullable Exception cause) {
        return new StoreFailed(
                "The data folder " + folder
                        + " was written by an earlier snapshot of License Relay, whose database schema this"
                        + " version does not read. Nothing in it was changed. Move the folder aside (mv " + folder + " "
                        + folder
                        + ".old) and start again: the relay makes a new one. Only the snapshot that wrote it can"
                        + " still publish what waits in it for Kafka.",
                cause,
                true);
    }

    private StoreFailed(String message, @Nullable Exception cause, boolean foreignSchema) {
        super(message, cause);
        this.foreignSchema = foreignSchema;
    }

    /** Whether the database is intact and was made by another version, with a schema that this one cannot read. */
    public boolean hasForeignSchema() {
        return foreignSchema;
    }

    /** Whether the file itself is damaged, or is no database; more space or other rights do not help. */
    public boolean isCorrupt() {
        return isCorrupt(getCause());
    }

    /** Whether no write succeeds, whatever is written: the disk is full or broken, or the file may not be written. */
    public boolean isUnwritable() {
        return hasCode(getCause(), UNWRITABLE::contains);
    }

    private static boolean isCorrupt(@Nullable Throwable thrown) {
        return hasCode(thrown, code -> code == CORRUPT || code == NOT_A_DATABASE);
    }

    private static boolean hasCode(@Nullable Throwable thrown, IntPredicate wanted) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && wanted.test(sql.getErrorCode() & PRIMARY)) {
                return true;
            }
        }
        return false;
    }
}
