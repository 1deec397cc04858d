package io.licenserelay.store;

import io.licenserelay.store.schema.SchemaState;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jdbi.v3.core.JdbiException;
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

    private final SchemaState.@Nullable Fit unfitSchema;

    /** SQLSTATE of PostgreSQL for a damaged page or index. */
    private static final Set<String> CORRUPT_STATES = Set.of("XX001", "XX002");

    /** Beginnings of SQLSTATE: no connection, read-only, no resources (a full disk), shutting down, no permission. */
    private static final List<String> UNWRITABLE_STATES = List.of("08", "25006", "53", "57P", "42501", "28");

    /** Primary result codes of SQLite for a statement or a value: wrong statement, too long, constraint, wrong type, out of range. */
    private static final Set<Integer> REFUSED_STATEMENT = Set.of(1, 18, 19, 20, 25);

    /** Beginnings of SQLSTATE for a statement or a value: cardinality, data, constraint, wrong statement, too long. */
    private static final List<String> REFUSED_STATEMENT_STATES = List.of("21", "22", "23", "42", "54");

    /** Primary result codes of SQLite for a value: too long, wrong type. */
    private static final Set<Integer> REFUSED_VALUE = Set.of(18, 20);

    /** SQLSTATE for a value: data exceptions, and a text that is too long for an index. */
    private static final List<String> REFUSED_VALUE_STATES = List.of("22", "54000");

    /** A data exception that the values of the statement do not cause: the numbers of a sequence are used up. */
    private static final String SEQUENCE_EXHAUSTED = "2200H";

    StoreFailed(SQLException cause) {
        this("the database refused: " + reason(cause), cause, null);
    }

    /** The error itself: the message of a batch names its number in the batch and repeats the error. */
    private static String reason(SQLException refusal) {
        return refusal instanceof BatchUpdateException && refusal.getNextException() != null
                ? String.valueOf(refusal.getNextException().getMessage())
                : String.valueOf(refusal.getMessage());
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
                null);
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
                SchemaState.Fit.FOREIGN);
    }

    /**
     * A newer version made the schema, and this version must not use it.
     *
     * @param place the beginning of the sentence: which database
     */
    public static StoreFailed ofNewerSchema(String place, SchemaState schema) {
        return new StoreFailed(place + " " + schema.refusal(), null, SchemaState.Fit.TOO_NEW);
    }

    /**
     * An older version made the schema, and nobody has migrated it yet.
     *
     * @param place the beginning of the sentence: which database
     */
    public static StoreFailed ofOlderSchema(String place, SchemaState schema) {
        return new StoreFailed(place + " " + schema.delay(), null, SchemaState.Fit.OLDER);
    }

    /** The database server cannot be reached, or refused. */
    public static StoreFailed ofServer(String address, Exception cause) {
        return new StoreFailed("The database " + address + " cannot be used: " + innermost(cause) + ".", cause, null);
    }

    /** The schema on the server is from another version, and no migration exists from it to the schema of this version. */
    public static StoreFailed ofForeignServerSchema(String address, @Nullable Exception cause) {
        return new StoreFailed(
                "The database " + address
                        + " was written by an earlier snapshot of License Relay. This version cannot read its schema."
                        + " Nothing in it was changed. Give relay.store.url an empty database, or a schema of its own"
                        + " (?currentSchema=NAME): the relay creates the tables.",
                cause,
                SchemaState.Fit.FOREIGN);
    }

    private static String innermost(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /** Work on a database. */
    @FunctionalInterface
    public interface DatabaseWork<T> {
        T run() throws SQLException;
    }

    /**
     * Runs the work, and turns a refusal of the database into this exception. Jdbi's own message repeats every bound value,
     * so a log line could contain a whole event.
     */
    public static <T> T translated(DatabaseWork<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw new StoreFailed(e);
        } catch (JdbiException e) {
            SQLException refused = refusal(e);
            throw refused == null ? e : new StoreFailed(refused);
        }
    }

    private StoreFailed(String message, @Nullable Exception cause, SchemaState.@Nullable Fit unfitSchema) {
        super(message, cause);
        this.unfitSchema = unfitSchema;
    }

    /** How the schema fits if another version made it and this version cannot use it: the database is intact. Otherwise empty. */
    public Optional<SchemaState.Fit> unfitSchema() {
        return Optional.ofNullable(unfitSchema);
    }

    /** Whether the file is damaged or is not a database. More space or other rights do not help. */
    public boolean isCorrupt() {
        return isCorrupt(getCause());
    }

    /** Whether every write fails: the disk is full or broken, or the file may not be written. */
    public boolean isUnwritable() {
        return hasCode(getCause(), UNWRITABLE::contains)
                || hasState(getCause(), state -> UNWRITABLE_STATES.stream().anyMatch(state::startsWith));
    }

    /**
     * Whether the database works, and refused only this statement because of its text or values. Another statement may
     * succeed, so this is no outage.
     */
    public boolean isRefusedStatement() {
        return !isUnwritable()
                && !isCorrupt()
                && (hasCode(getCause(), REFUSED_STATEMENT::contains)
                        || hasState(getCause(), state -> REFUSED_STATEMENT_STATES.stream()
                                .anyMatch(state::startsWith)));
    }

    /**
     * Whether the database works, and refused this statement because of a value in it. The same values are refused again. A violated
     * constraint is no such refusal, because it may depend on the rows that are stored.
     */
    public boolean isRefusedValue() {
        return isRefusedStatement()
                && (hasCode(getCause(), REFUSED_VALUE::contains)
                        || hasState(
                                getCause(),
                                state -> !state.equals(SEQUENCE_EXHAUSTED)
                                        && REFUSED_VALUE_STATES.stream().anyMatch(state::startsWith)));
    }

    private static boolean isCorrupt(@Nullable Throwable thrown) {
        return hasCode(thrown, code -> code == CORRUPT || code == NOT_A_DATABASE)
                || hasState(thrown, CORRUPT_STATES::contains);
    }

    private static boolean hasState(@Nullable Throwable thrown, Predicate<String> expected) {
        for (SQLException sql = refusal(thrown); sql != null; sql = refusal(sql.getCause())) {
            if (sql.getSQLState() != null && expected.test(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** The outermost exception of the driver in the chain of causes. */
    private static @Nullable SQLException refusal(@Nullable Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    private static boolean hasCode(@Nullable Throwable thrown, IntPredicate expected) {
        for (SQLException sql = refusal(thrown); sql != null; sql = refusal(sql.getCause())) {
            if (expected.test(sql.getErrorCode() & PRIMARY)) {
                return true;
            }
        }
        return false;
    }
}
