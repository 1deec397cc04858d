package io.licenserelay.cli.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.CommandResult;
import io.licenserelay.cli.OneSite;
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
    void openIncidentsAreListedWithCauseAndNextStepUntilResolved() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.writeWithTopicsAndStore();
            site.ssm().faults().set("forbidden", "resource", "licenses");
            site.run("sync");
            site.run("sync");
            CommandResult open = incidents(site);
            assertThat(open.exitCode()).isEqualTo(1);
            assertThat(open.out())
                    .contains("hq/ACME", "pull: error", "observed 2 times", "(LIC3006, proven)", "who acts: ssm")
                    .contains("license-relay explain LIC3006")
                    .endsWith("2 open\n");

            JsonNode incident =
                    new ObjectMapper().readTree(incidents(site, "--json").out()).at("/incidents/0");
            assertThat(incident.path("code").asText()).isEqualTo("LIC3006");
            assertThat(incident.path("dedupKey").asText()).startsWith("license-relay/hq/ACME");
            assertThat(incident.path("occurrences").asInt()).isEqualTo(2);
            assertThat(incident.path("next").asText()).isNotEmpty();

            site.ssm().faults().clear();
            assertThat(site.run("doctor").out()).contains("! incidents", "2 open: hq/ACME/", "license-relay incidents");
            site.run("sync");
            CommandResult none = incidents(site);
            assertThat(none.exitCode()).isZero();
            assertThat(none.out()).isEqualTo("✓ no incident is open\n");
        }
    }

    @Test
    void aFolderWithoutStateIsReported() {
        CommandResult result = CommandResult.of("incidents", "--data", folder.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(folder.toString(), "--data");
    }

    @ParameterizedTest
    @CsvSource({"59, 0 min 59 s", "3600, 1 h 0 min", "3661, 1 h 1 min", "273600, 3 d 4 h"})
    void anAgeIsShownInItsTwoLargestUnits(long seconds, String age) {
        assertThat(IncidentsCommand.age(Duration.ofSeconds(seconds))).isEqualTo(age);
    }

    private static CommandResult incidents(OneSite site, String... options) {
        String[] all = new String[options.length + 3];
        all[0] = "incidents";
        all[1] = "--data";
        all[2] = site.data().toString();
        System.arraycopy(options, 0, all, 3, options.length);
        return CommandResult.of(all);
    }
}
