package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.RelaySchema;
import io.licenserelay.store.DataFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    @TempDir
    Path folder;

    @Test
    void theDemoRunsToItsEnd() throws Exception {
        CommandResult result = CommandResult.of(
                "demo", "--once", "--data", folder.resolve("demo").toString());
        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out()).doesNotContain("demo-client-secret", "demo password", "kcat");
        assertThat(result.out().lines().filter(line -> line.startsWith("  ruled out ")))
                .hasSize(1)
                .allMatch(line -> line.contains(", "));
        assertThat(result.out()).doesNotContainPattern("[0-9]+ of [0-9]+ virtual accounts");
        assertThat(RelaySchema.problems(Files.readString(folder.resolve("demo/config/relay.yaml"))))
                .isEmpty();
    }

    @Test
    void aFolderInUseByAnotherDemoIsNotChanged() throws Exception {
        Path data = Files.createDirectory(folder.resolve("demo"));
        Files.createFile(data.resolve(".license-relay-demo"));
        Path broker = Files.writeString(data.resolve("kafka"), "records");
        try (DataFolder held = DataFolder.take(data).orElseThrow()) {
            CommandResult result =
                    CommandResult.of("demo", "--once", "--data", held.path().toString());
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("Another demo runs in " + data, "--data");
            assertThat(broker).hasContent("records");
        }
    }

    @Test
    void aFolderThatIsNotFromADemoIsNotChanged() throws Exception {
        Path mine = Files.writeString(folder.resolve("thesis.txt"), "years of work");
        CommandResult result = CommandResult.of("demo", "--once", "--data", folder.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(folder + " is not empty", "--data").doesNotContain("\tat ");
        assertThat(mine).hasContent("years of work");
    }
}
