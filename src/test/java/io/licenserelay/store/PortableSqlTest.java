package io.licenserelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL outside of package store is the SQL that SQLite and PostgreSQL share; {@link PostgresSchemaIT} asks PostgreSQL itself. */
class PortableSqlTest {
    /** What SQLite has alone, or does in another way. */
    private static final Pattern SQLITE_ONLY = Pattern.compile(
            "\\b(rowid|_rowid_|PRAGMA|VACUUM|ATTACH|IFNULL|GLOB|zeroblob|randomblob|changes\\(|last_insert_rowid|julianday|strftime"
                    + "|sqlite_\\w+|json_\\w+|typeof|AUTOINCREMENT|INSERT OR|REPLACE INTO|(MAX|MIN)\\([^()]*,|(CREATE|DROP) )",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern WITHOUT_COLUMNS = Pattern.compile("INSERT INTO \\w+(?: AS \\w+)?\\s+(?!AS |\\()\\S");

    @TempDir
    Path folder;

    @Test
    void noStatementOutsideOfTheStoreIsSqlitesOwn() throws Exception {
        Set<CompiledSql.Statement> statements = CompiledSql.ofDomains();
        assertThat(statements).hasSizeGreaterThan(200);
        assertThat(statements).noneMatch(each -> SQLITE_ONLY.matcher(each.sql()).find());
        assertThat("SELECT MAX(0, n) FROM t").containsPattern(SQLITE_ONLY);
        assertThat("SELECT MAX(n), MIN(m) FROM t").doesNotContainPattern(SQLITE_ONLY);
    }

    /** A newer relay may have added a column to the table. */
    @Test
    void everyInsertNamesItsColumns() throws Exception {
        assertThat(CompiledSql.ofDomains())
                .noneMatch(each -> WITHOUT_COLUMNS.matcher(each.sql()).find());
        assertThat("INSERT INTO t VALUES (1)").containsPattern(WITHOUT_COLUMNS);
        assertThat("INSERT INTO t SELECT * FROM s").containsPattern(WITHOUT_COLUMNS);
        assertThat("INSERT INTO t (n) SELECT n FROM s").doesNotContainPattern(WITHOUT_COLUMNS);
    }

    @Test
    void sqliteTakesEveryStatementButThoseOfAClusterOnPostgresql() throws Exception {
        Database.open(folder).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("relay.db"))) {
            assertThat(CompiledSql.refusedBy(connection).keySet())
                    .allMatch(each -> each.startsWith("ClusterSql: ") || each.startsWith("ConfigurationTable: "));
        }
    }
}
