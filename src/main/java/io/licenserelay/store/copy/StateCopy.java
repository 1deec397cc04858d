package io.licenserelay.store.copy;

import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.store.postgres.CopyTarget;
import io.licenserelay.store.schema.Migrations;
import io.licenserelay.store.schema.SchemaHistory;
import io.licenserelay.store.schema.SchemaState;
import io.licenserelay.store.schema.SchemaState.Fit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies all rows of a SQLite database to an empty PostgreSQL database, and compares them. */
public final class StateCopy {
    private static final int BATCH_ROWS = 500;

    /** Characters that wait to be sent, or that PostgreSQL sends at a time. A larger row is sent alone. */
    private static final long BATCH_CHARACTERS = 4_000_000;

    private final Database source;
    private final CopyTarget target;

    /**
     * @param source the state in a data folder that the caller has locked
     * @param target closed by the caller
     */
    public StateCopy(Database source, CopyTarget target) {
        this.source = source;
        this.target = target;
    }

    /** Keeps the relays of the target away until the transaction ends. */
    @FunctionalInterface
    public interface Exclusion {
        /** @return false if a relay is alive in the target */
        boolean keepsRelaysAway(Connection transaction) throws SQLException;
    }

    /**
     * Copies and compares. The target is committed only if each table is equal; otherwise it stays empty.
     *
     * @return all tables in order of their names, also those that differ
     * @throws CopyRefused if a relay is alive in the target, if the target has a state, if the schemas differ, or if PostgreSQL cannot store
     *     a value; the target stays empty
     * @throws StoreFailed if a database refuses; the target stays empty
     */
    public List<CopiedTable> run(Exclusion exclusion) {
        return source.read(tx -> run(tx.getConnection(), target.connection(), exclusion));
    }

    private List<CopiedTable> run(Connection from, Connection to, Exclusion exclusion) throws SQLException {
        if (!exclusion.keepsRelaysAway(to)) {
            throw new CopyRefused(
                    "A relay is alive in the target, or another copy is in progress. Stop all relays of the cluster,"
                            + " and copy again; a relay that was killed counts as alive for 10 s.");
        }
        requireSame("source", SchemaHistory.read(from, Migrations.PACKED));
        requireSame("target", SchemaHistory.read(to, Migrations.PACKED));
        List<StoredTable> tables = StoredTable.of(to);
        target.lock(tables.stream().map(StoredTable::name).toList());
        for (StoredTable table : tables) {
            requireEmpty(to, table);
        }
        List<CopiedTable> copied = new ArrayList<>();
        for (StoredTable table : tables) {
            copied.add(copy(from, to, table));
        }
        if (copied.stream().allMatch(CopiedTable::isEqual)) {
            target.commit();
        }
        return copied;
    }

    private static void requireSame(String side, SchemaState schema) {
        if (schema.fit() != Fit.SAME) {
            throw new CopyRefused("The " + side + " has schema version " + schema.version()
                    + ", but this version of License Relay has schema version " + schema.own()
                    + ". Use the version of License Relay that used the " + side + " last.");
        }
    }

    private static void requireEmpty(Connection to, StoredTable table) throws SQLException {
        try (Statement statement = to.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 FROM " + table.name() + " LIMIT 1")) {
            if (row.next()) {
                throw new CopyRefused(
                        "The target already has a state: its table " + table.name()
                                + " has rows. Give relay.store.url an empty database, or a schema of its own (?currentSchema=NAME).");
            }
        }
    }

    private CopiedTable copy(Connection from, Connection to, StoredTable table) throws SQLException {
        RowDigest sent = new RowDigest();
        long longest = 1;
        try (Statement read = from.createStatement();
                ResultSet rows = read.executeQuery(table.select());
                PreparedStatement insert = to.prepareStatement(table.insert())) {
            long characters = 0;
            int waiting = 0;
            while (rows.next()) {
                List<@Nullable Object> values = values(rows, table);
                sent.add(values);
                bind(insert, values, table);
                insert.addBatch();
                long length = length(values);
                longest = Math.max(longest, length);
                characters += length;
                waiting++;
                if (waiting == BATCH_ROWS || characters > BATCH_CHARACTERS) {
                    insert.executeBatch();
                    characters = 0;
                    waiting = 0;
                }
            }
            if (waiting > 0) {
                insert.executeBatch();
            }
        }
        target.refreshStatistics(table.name());
        if (table.numbered().isPresent()) {
            String column = table.numbered().get();
            target.continueNumbers(table.name(), column, lastNumber(from, table.name(), column));
        }
        CopiedTable.Content received =
                content(to, table, (int) Math.max(1, Math.min(BATCH_ROWS, BATCH_CHARACTERS / longest)));
        return new CopiedTable(table.name(), sent.content(), received);
    }

    private static CopiedTable.Content content(Connection connection, StoredTable table, int fetched)
            throws SQLException {
        RowDigest digest = new RowDigest();
        try (Statement read = connection.createStatement()) {
            read.setFetchSize(fetched);
            try (ResultSet rows = read.executeQuery(table.select())) {
                while (rows.next()) {
                    digest.add(values(rows, table));
                }
            }
        }
        return digest.content();
    }

    /** SQLite stores any value in any column, so each is compared with the type of its column. */
    private static List<@Nullable Object> values(ResultSet rows, StoredTable table) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(table.columns().size());
        for (int i = 0; i < table.columns().size(); i++) {
            Object value = rows.getObject(i + 1);
            StoredTable.Column column = table.columns().get(i);
            if (value == null) {
                values.add(null);
            } else if (column.isNumber() && (value instanceof Integer || value instanceof Long)) {
                values.add(((Number) value).longValue());
            } else if (!column.isNumber() && value instanceof String text && text.indexOf('\0') < 0) {
                values.add(text);
            } else {
                throw new CopyRefused("A row of table " + table.name() + " has a value in column " + column.name()
                        + " that PostgreSQL cannot store: "
                        + (column.isNumber()
                                ? "it is not a number."
                                : "it is not text, or contains the character U+0000."));
            }
        }
        return values;
    }

    private static void bind(PreparedStatement insert, List<@Nullable Object> values, StoredTable table)
            throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value == null) {
                insert.setNull(i + 1, table.columns().get(i).isNumber() ? Types.BIGINT : Types.VARCHAR);
            } else if (value instanceof Long number) {
                insert.setLong(i + 1, number);
            } else {
                insert.setString(i + 1, (String) value);
            }
        }
    }

    private static long length(List<@Nullable Object> values) {
        long length = 0;
        for (Object value : values) {
            length += value instanceof String text ? text.length() : Long.BYTES;
        }
        return length;
    }

    /** The last number that SQLite has given; 0 if there is none. It remembers those of deleted rows where they are never used again. */
    private static long lastNumber(Connection from, String table, String column) throws SQLException {
        long last = number(from, "SELECT COALESCE(MAX(" + column + "), 0) FROM " + table);
        try (PreparedStatement read =
                from.prepareStatement("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = ?")) {
            read.setString(1, table);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                return Math.max(last, row.getLong(1));
            }
        }
    }

    private static long number(Connection from, String sql) throws SQLException {
        try (Statement statement = from.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
