package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.store.DataFolder;
import io.licenserelay.text.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cluster} on a single relay; {@link AnyMachineIT} has a cluster. */
class ClusterCommandIT {
    @TempDir
    Path folder;

    @Test
    void aSingleRelayIsTheOnlyNode() throws Exception {
        try (OneSite site = OneSite.in(folder)) {
            site.write();
            CommandResult before = site.run("cluster");
            assertThat(before.exitCode()).as(before.err()).isZero();
            assertThat(before.out())
                    .startsWith("SQLite in " + site.data() + ": one node, ")
                    .contains("which is not running and owns all sites");
            assertThat(site.data()).doesNotExist();

            try (DataFolder running = DataFolder.take(site.data()).orElseThrow()) {
                JsonNode json =
                        Json.MAPPER.readTree(site.run("cluster", "--json").out());
                assertThat(running.path()).isEqualTo(site.data());
                assertThat(json.path("shared").asBoolean()).isFalse();
                assertThat(json.path("nodes")).hasSize(1);
                assertThat(json.at("/nodes/0/alive").asBoolean()).isTrue();
                assertThat(json.at("/nodes/0/owns"))
                        .extracting(JsonNode::asText)
                        .containsExactly("hq", "relay");
                assertThat(json.path("requests")).isEmpty();
            }
        }
    }
}
