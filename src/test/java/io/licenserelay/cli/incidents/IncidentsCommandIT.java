package io.licenserelay.cli.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.OneSite;
import io.licenserelay.cli.Said;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncidentsCommandIT {
    @TempDir
    Path folder;

    @Test
    void whatIsNotWellIsListedWithItsCauseAndNextStepUntilItIsResolved() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            site.ssm().faults().set("forbidden", "resource", "licenses");
            site.run("sync");
            site.run("sync");
            Said open = incidents(site);
            assertThat(open.exitCode()).isEqualTo(1);
            assertThat(open.out())
                    .contains("hq/ACME", "pull: error", "observed 2 times", "(LIC3006, proven)", "who acts: ssm")
                    .contains("license-relay explain LIC3006")
                    .endsWith("2 open\n");

            JsonNode told =
                    new ObjectMapper().readTree(incidents(site, "--json").out()).at("/incidents/0");
            assertThat(told.path("code").asText()).isEqualTo("LIC3006");
            assertThat(told.path("dedupKey").asText()).startsWith("license-relay/hq/ACME");
            assertThat(told.path("occurrences").asInt()).isEqualTo(2);
            assertThat(told.path("next").asText()).isNotEmpty();

            site.ssm().faults().clear();
            assertThat(site.run("doctor").out()).contains("! incidents", "2 open: hq/ACME/", "license-relay incidents");
            site.run("sync");
            Said none = incidents(site);
            assertThat(none.exitCode()).isZero();
            assertThat(none.out()).isEqualTo("✓ no incident is open\n");
        }
    }

    @Test
    void aFolderWithoutStateIsSaidToBeThat() {
        Said said = Said.of("incidents", "--data", folder.toString());
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.err()).contains(folder.toString(), "--data");
    }

    @ParameterizedTest
    @CsvSource({"59, 0 min 59 s", "3600, 1 h 0 min", "3661, 1 h 1 min", "273600, 3 d 4 h"})
    void anAgeIsSaidInItsTwoLargestUnits(long seconds, String age) {
        assertThat(IncidentsCommand.age(Duration.ofSeconds(seconds))).isEqualTo(age);
    }

    private static Said incidents(OneSite site, String... more) {
        String[] all = new String[more.length + 3];
        all[0] = "incidents";
        all[1] = "--data";
        all[2] = site.data().toString();
        System.arraycopy(more, 0, all, 3, more.length);
        return Said.of(all);
    }
}
