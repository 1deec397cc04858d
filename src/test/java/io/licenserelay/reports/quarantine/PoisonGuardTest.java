package io.licenserelay.reports.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test simulates the death of a process by neither ending the read nor closing the guard. */
class PoisonGuardTest {
    @TempDir
    Path data;

    @Test
    void theInputReadWhenMemoryRanOutIsPoisonAtOnce() throws Exception {
        PoisonGuard.open(data).begin("hq a.json");
        Files.createFile(data.resolve("reading/" + PoisonGuard.OUT_OF_MEMORY));
        try (PoisonGuard next = PoisonGuard.open(data)) {
            assertThat(next.suspicion("hq a.json")).isEqualTo("the relay ran out of memory while it read this input");
            assertThat(next.suspicion("hq b.json")).isNull();
            next.forget("hq a.json");
        }
        try (PoisonGuard released = PoisonGuard.open(data)) {
            assertThat(released.suspicion("hq a.json")).isNull();
        }
    }

    @Test
    void noneOfSeveralInputsIsPoisonUntilMemoryRunsOutWhileItIsReadAlone() throws Exception {
        PoisonGuard both = PoisonGuard.open(data);
        both.begin("hq good.json");
        both.begin("hq bad.json");
        Files.createFile(data.resolve("reading/" + PoisonGuard.OUT_OF_MEMORY));
        PoisonGuard next = PoisonGuard.open(data);
        assertThat(next.suspicion("hq good.json")).isNull();
        assertThat(next.suspicion("hq bad.json")).isNull();
        next.begin("hq good.json").close();
        next.begin("hq bad.json");
        Files.createFile(data.resolve("reading/" + PoisonGuard.OUT_OF_MEMORY));
        try (PoisonGuard last = PoisonGuard.open(data)) {
            assertThat(last.suspicion("hq good.json")).isNull();
            assertThat(last.suspicion("hq bad.json")).isNotNull();
        }
    }

    @Test
    void anInputIsPoisonAfterThreeConsecutiveDeaths() {
        for (int death = 1; death < PoisonGuard.MAX_DEATHS; death++) {
            PoisonGuard guard = PoisonGuard.open(data);
            assertThat(guard.suspicion("hq a.json")).isNull();
            guard.begin("hq a.json");
        }
        PoisonGuard third = PoisonGuard.open(data);
        assertThat(third.suspicion("hq a.json")).isNull();
        third.begin("hq a.json");
        try (PoisonGuard next = PoisonGuard.open(data)) {
            assertThat(next.suspicion("hq a.json"))
                    .isEqualTo("the relay process ended 3 times while it read this input");
        }
    }

    @Test
    void aCompletedReadResetsTheCount() {
        for (int round = 0; round < 4; round++) {
            PoisonGuard.open(data).begin("hq a.json");
            PoisonGuard.open(data).begin("hq a.json");
            PoisonGuard guard = PoisonGuard.open(data);
            guard.begin("hq a.json").close();
            assertThat(guard.suspicion("hq a.json")).isNull();
        }
        try (PoisonGuard guard = PoisonGuard.open(data)) {
            assertThat(guard.suspicion("hq a.json")).isNull();
        }
    }

    @Test
    void aStopDuringAReadIsNotADeath() {
        for (int stop = 0; stop < 5; stop++) {
            PoisonGuard guard = PoisonGuard.open(data);
            guard.begin("hq a.json");
            guard.close();
        }
        try (PoisonGuard guard = PoisonGuard.open(data)) {
            assertThat(guard.suspicion("hq a.json")).isNull();
        }
    }

    @Test
    void namesWithAnyCharactersAreDistinguished() {
        String odd = "hq a\nb" + "ü".repeat(2_000);
        PoisonGuard.open(data).begin(odd);
        PoisonGuard.open(data).begin(odd);
        PoisonGuard.open(data).begin(odd);
        try (PoisonGuard guard = PoisonGuard.open(data)) {
            assertThat(guard.suspicion(odd)).isNotNull();
            assertThat(guard.suspicion(odd + "x")).isNull();
        }
    }

    @Test
    void onlyTheOwnerMayReadTheMarks() throws Exception {
        PoisonGuard.open(data).close();
        assertThat(Files.getPosixFilePermissions(data.resolve("reading")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
}
