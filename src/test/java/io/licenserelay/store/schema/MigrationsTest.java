package io.licenserelay.store.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsTest {
    private static final String HOLD = "UPDATE site_owner SET epoch = epoch; ";

    @Test
    void aMigrationAfterTheFirstOnlyAddsOrRaisesTheOldestVersion() throws Exception {
        for (Migrations each : List.of(Migrations.PACKED, LaterMigrations.BREAKING)) {
            for (String file : each.files().subList(1, each.files().size())) {
                int version = new Migrations(List.of(file)).version();
                assertThat(MigrationRules.brokenBy(version, content(file)))
                        .as(file)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE run",
                "ALTER TABLE run DROP COLUMN cause",
                "ALTER TABLE run RENAME COLUMN cause TO why",
                "ALTER TABLE run RENAME TO sync",
                "ALTER TABLE run ALTER COLUMN cause TYPE BIGINT",
                "ALTER TABLE run ALTER COLUMN reason SET NOT NULL",
                "ALTER TABLE run ADD COLUMN note TEXT NOT NULL",
                "ALTER TABLE run ADD CONSTRAINT one UNIQUE (cause)",
                "CREATE UNIQUE INDEX one ON run (cause)",
                "DELETE FROM run",
                "UPDATE run SET cause = 'none'"
            })
    void whatAnOlderRelayWouldMissOrBreakIsNoAddition(String statement) {
        assertThat(MigrationRules.brokenBy(2, HOLD + statement)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE run ADD COLUMN note TEXT",
                "ALTER TABLE run ADD COLUMN note BIGINT NOT NULL DEFAULT 0",
                "CREATE INDEX by_cause ON run (cause)",
                "CREATE TABLE note (id TEXT NOT NULL PRIMARY KEY); CREATE UNIQUE INDEX one ON note (id)"
            })
    void whatAnOlderRelayMayIgnoreIsAnAddition(String statement) {
        assertThat(MigrationRules.brokenBy(2, HOLD + statement)).isEmpty();
    }

    @Test
    void aMigrationHoldsTheWritesOfOlderRelaysAndTakesTheirSitesIfItExcludesThem() {
        assertThat(MigrationRules.brokenBy(2, "ALTER TABLE run ADD COLUMN note TEXT"))
                .hasSize(1);
        assertThat(MigrationRules.brokenBy(2, "UPDATE schema_support SET oldest_version = 2; DROP TABLE run"))
                .hasSize(1);
        assertThat(MigrationRules.brokenBy(
                        2,
                        "UPDATE schema_support SET oldest_version = 3;"
                                + " UPDATE site_owner SET node = NULL, epoch = epoch + 1; DROP TABLE run"))
                .containsExactly("excludes relays of its own version");
    }

    @Test
    void theVersionIsTheNumberOfTheNewestMigration() {
        assertThat(Migrations.PACKED.version()).isEqualTo(1);
        assertThat(LaterMigrations.BREAKING.version()).isEqualTo(3);
        assertThat(LaterMigrations.ADDITIVE.fingerprint())
                .isNotEqualTo(Migrations.PACKED.fingerprint())
                .isNotZero();
    }

    private static String content(String file) throws IOException {
        try (InputStream in = MigrationsTest.class.getResourceAsStream("/" + file)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
