package io.licenserelay.cli.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.cli.CommandResult;
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
    void onlyThePublishedSchemaIsPrinted(String name, String file) throws Exception {
        CommandResult result = CommandResult.of("events", "schema", name);
        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(Files.readString(Path.of("src/main/resources/schemas", file)));
    }

    @Test
    void everyListedSchemaCanBePrinted() throws Exception {
        CommandResult list = CommandResult.of("events", "schema", "--list");
        assertThat(list.exitCode()).isZero();
        assertThat(CommandResult.of("events", "schema")).isEqualTo(list);
        assertThat(list.out().lines()).contains("failure.v1", "sync.completed.v1", "asyncapi.yaml");
        for (String name :
                list.out().lines().filter(each -> !each.endsWith(".yaml")).toList()) {
            assertThat(new ObjectMapper()
                            .readTree(CommandResult.of("events", "schema", name).out())
                            .path("title")
                            .asText())
                    .isNotEmpty();
        }
    }

    @Test
    void aMistypedNameIsReportedWithASuggestion() {
        CommandResult result = CommandResult.of("events", "schema", "failures.v1");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("Unknown schema failures.v1", "failure.v1");
    }
}
