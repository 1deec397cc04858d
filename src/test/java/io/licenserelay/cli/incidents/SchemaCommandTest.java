package io.licenserelay.cli.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCommandTest {

    @ParameterizedTest
    @CsvSource({
        "failure.v1, failure.v1.json",
        "failure.v1.json, failure.v1.json",
        "io.licenserelay.failure.v1, failure.v1.json",
        "io.licenserelay.report.held.v1, report.v1.json",
        "asyncapi.yaml, asyncapi.yaml"
    })
    void aSchemaIsPrintedAsItIsPublishedAndNothingElse(String name, String file) throws Exception {
        Said said = Said.of("events", "schema", name);
        assertThat(said.exitCode()).isZero();
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).isEqualTo(Files.readString(Path.of("src/main/resources/schemas", file)));
    }

    @Test
    void everyNameThatIsListedCanBePrinted() throws Exception {
        Said list = Said.of("events", "schema", "--list");
        assertThat(list.exitCode()).isZero();
        assertThat(Said.of("events", "schema")).isEqualTo(list);
        assertThat(list.out().lines()).contains("failure.v1", "sync.completed.v1", "asyncapi.yaml");
        for (String name :
                list.out().lines().filter(each -> !each.endsWith(".yaml")).toList()) {
            assertThat(new ObjectMapper()
                            .readTree(Said.of("events", "schema", name).out())
                            .path("title")
                            .asText())
                    .isNotEmpty();
        }
    }

    @Test
    void aMistypedNameIsAnsweredWithTheNearest() {
        Said said = Said.of("events", "schema", "failures.v1");
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains("Unknown schema failures.v1", "failure.v1");
    }
}
