package io.licenserelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.fixture.FormerStore;
import io.licenserelay.store.schema.LaterMigrations;
import io.licenserelay.store.schema.Migrations;
import io.licenserelay.store.schema.SchemaState;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder that a newer version has migrated: an older version goes on with it, or refuses it and leaves it as it is. */
class LaterSchemaTest {
    private static final String RUN =
            "INSERT INTO run (id, site, cause, traceparent, started_at) VALUES (?, 'hq', 'schedule', '', 1)";

    @TempDir
    Path folder;

    @Test
    void anOlderVersionGoesOnWithWhatWasOnlyAdded() {
        SqliteDatabase.open(folder, Migrations.PACKED).close();
        try (Database newer = SqliteDatabase.open(folder, LaterMigrations.ADDITIVE)) {
            newer.write("hq", tx -> tx.execute(RUN, 1));
            newer.write("hq", tx -> tx.execute("UPDATE run SET note = 'kept' WHERE id = 1"));
        }
        try (Database older = SqliteDatabase.open(folder, Migrations.PACKED)) {
            older.write("hq", tx -> tx.execute(RUN, 2));
        }
        read(SqliteDatabase.reading(folder, Migrations.PACKED));
        read(SqliteDatabase.beside(folder, Migrations.PACKED));
        try (Database newer = SqliteDatabase.open(folder, LaterMigrations.ADDITIVE)) {
            assertThat(newer.read(LaterSchemaTest::runs)).isEqualTo(2);
            assertThat(newer.<String>read(tx -> tx.createQuery("SELECT note FROM run WHERE id = 1")
                            .mapTo(String.class)
                            .one()))
                    .isEqualTo("kept");
            assertThat(newer.<Long>read(tx -> tx.createQuery("SELECT COUNT(*) FROM flyway_schema_history")
                            .mapTo(Long.class)
                            .one()))
                    .as("each migration ran once")
                    .isEqualTo(2);
        }
    }

    @Test
    void anOlderVersionThatMayNotGoOnIsRefusedWithBothVersionsAndTheFix() throws Exception {
        SqliteDatabase.open(folder, LaterMigrations.BREAKING).close();
        Map<String, String> before = FormerStore.content(folder);
        assertThatThrownBy(() -> SqliteDatabase.open(folder, Migrations.PACKED))
                .isInstanceOf(StoreFailed.class)
                .satisfies(this::saysWhatToDo);
        assertThatThrownBy(() -> SqliteDatabase.reading(folder, LaterMigrations.ADDITIVE))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("this relay has schema version 2");
        assertThat(SqliteDatabase.beside(folder, Migrations.PACKED)).isEmpty();
        assertThat(FormerStore.content(folder)).isEqualTo(before);
    }

    private void saysWhatToDo(Throwable refusal) {
        assertThat(refusal)
                .hasMessageStartingWith("The database in the data folder " + folder + " has schema version 3, ")
                .hasMessageContaining(
                        "Only relays with schema version 3 or higher may use it; this relay has schema version 1.")
                .hasMessageContaining("Install the newer version again, or restore the backup");
        assertThat(((StoreFailed) refusal).unfitSchema()).contains(SchemaState.Fit.TOO_NEW);
    }

    @Test
    void aCommandOfANewerVersionSaysThatTheSchemaIsNotMigratedYet() throws Exception {
        SqliteDatabase.open(folder, Migrations.PACKED).close();
        Map<String, String> before = FormerStore.content(folder);
        assertThatThrownBy(() -> SqliteDatabase.reading(folder, LaterMigrations.ADDITIVE))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("has schema version 1, written by an older version")
                .hasMessageContaining("needs schema version 2")
                .hasMessageContaining("Start a relay of this version");
        assertThat(FormerStore.content(folder)).isEqualTo(before);
    }

    private static void read(Optional<Database> opened) {
        try (Database database = opened.orElseThrow()) {
            assertThat(database.read(LaterSchemaTest::runs)).isEqualTo(2);
        }
    }

    private static long runs(Handle tx) {
        return tx.createQuery("SELECT COUNT(*) FROM run").mapTo(Long.class).one();
    }
}
