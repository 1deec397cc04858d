package io.licenserelay.store.copy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table of the schema whose rows are copied.
 *
 * @param columns in order of their names
 * @param numbered the column that the database numbers, if there is one
 */
record StoredTable(String name, List<Column> columns, Optional<String> numbered) {
    /** What belongs to the database or to its nodes, and not to the state of a relay. */
    private static final Set<String> NOT_COPIED = Set.of(
            "flyway_schema_history",
            "schema_support",
            "cluster_node",
            "site_owner",
            "shared_folder",
            "configuration_site",
            "site_digest",
            "refused_configuration");

    /** The schema has columns of two types. */
    record Column(String name, boolean isNumber) {}

    /** The tables of a PostgreSQL database in order of their names. */
    static List<StoredTable> of(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet row =
                connection.getMetaData().getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
            while (row.next()) {
                names.add(row.getString("TABLE_NAME"));
            }
        }
        names.removeAll(NOT_COPIED);
        List<StoredTable> tables = new ArrayList<>();
        for (String name : names.stream().sorted().toList()) {
            tables.add(of(connection, name));
        }
        return tables;
    }

    private static StoredTable of(Connection connection, String table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        Optional<String> numbered = Optional.empty();
        try (ResultSet row =
                connection.getMetaData().getColumns(null, connection.getSchema(), table.replace("_", "\\_"), "%")) {
            while (row.next()) {
                String name = row.getString("COLUMN_NAME");
                int type = row.getInt("DATA_TYPE");
                if (type != Types.BIGINT && type != Types.VARCHAR) {
                    throw new IllegalStateException(table + "." + name + " is neither a number nor text");
                }
                columns.add(new Column(name, type == Types.BIGINT));
                if (row.getString("IS_AUTOINCREMENT").equals("YES")) {
                    numbered = Optional.of(name);
                }
            }
        }
        columns.sort(Comparator.comparing(Column::name));
        return new StoredTable(table, List.copyOf(columns), numbered);
    }

    String select() {
        return "SELECT " + names() + " FROM " + name;
    }

    String insert() {
        return "INSERT INTO " + name + " (" + names() + ") VALUES ("
                + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
    }

    private String names() {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }
}
