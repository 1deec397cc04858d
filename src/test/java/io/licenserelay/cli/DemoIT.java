package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    @TempDir
    Path folder;

    @Test
    void theStoryGoesAsToldAndEnds() {
        Said said = Said.of("demo", "--once", "--data", folder.resolve("demo").toString());
        assertThat(said.exitCode()).as(said.out()).isZero();
        assertThat(said.out()).contains("kcat -b ").doesNotContain("demo-client-secret", "demo password");
    }

    @Test
    void aFolderThatNoDemoMadeIsLeftAlone() throws Exception {
        Path mine = Files.writeString(folder.resolve("thesis.txt"), "years of work");
        Said said = Said.of("demo", "--once", "--data", folder.toString());
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.err()).contains(folder + " is not empty", "--data").doesNotContain("\tat ");
        assertThat(mine).hasContent("years of work");
    }
}
