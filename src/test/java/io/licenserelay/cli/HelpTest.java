package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

    @ParameterizedTest
    @ValueSource(strings = {"run", "sync", "check", "doctor", "explain", "trust", "replay", "demo"})
    void everyCommandSaysWhatItDoesWhereItReadsAndHowItExits(String command) {
        Said said = Said.of(command, "--help");
        assertThat(said.exitCode()).isZero();
        assertThat(said.out()).startsWith("Usage: license-relay " + command).contains("--data=DIR", "Exit codes:");
        assertThat(said.err()).isEmpty();
    }

    @Test
    void theHelpListsEveryCommandWithAWholeSentence() {
        Said said = Said.of("--help");
        assertThat(said.exitCode()).isZero();
        assertThat(said.out())
                .contains("run ", "sync ", "check ", "demo ")
                .doesNotContain("and%n")
                .doesNotContainPattern(",\\R\\z");
    }

    @ParameterizedTest
    @CsvSource({"sync,--sit,--site", "sync,--jsn,--json", "run,--dat=x,--data", "check,--confg,--config"})
    void aMistypedOptionIsAnsweredWithTheRightOne(String command, String mistyped, String right) {
        Said said = Said.of(command, mistyped, "hq");
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .contains("\"" + mistyped.replaceFirst("=.*", "") + "\"", "did you mean \"" + right + "\"?")
                .contains("license-relay " + command + " --help");
    }

    @ParameterizedTest
    @CsvSource({"synch,sync", "chek,check", "rum,run", "demoo,demo"})
    void aMistypedCommandIsAnsweredWithTheRightOne(String mistyped, String right) {
        Said said = Said.of(mistyped);
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.err()).contains("Unknown command \"" + mistyped + "\"", "did you mean \"" + right + "\"?");
    }

    @Test
    void aCommandLikeNoneIsAnsweredWithThoseThereAre() {
        Said said = Said.of("frobnicate");
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.err()).contains("known here:", "run", "sync", "check");
    }

    @Test
    void noCommandAtAllIsAskedFor() {
        Said said = Said.of();
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.err()).contains("Which command?", "license-relay --help");
    }

    @Test
    void aWordTooManyIsNamed() {
        Said said = Said.of("sync", "hq");
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.err()).contains("\"hq\" is not understood here", "license-relay sync --help");
    }
}
