package io.licenserelay.manager.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.logs.ManagerLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the relay concludes from the class and level of log lines. Their texts are not public. */
class SyncAttemptsTest {
    private static final Instant NOW = Instant.parse("2023-01-13T13:00:00Z");
    private static final String HEAD = "13-Jan-2023 12:00:0";

    @Test
    void thePublishedExcerptShowsAFailedSyncAtItsFirstError() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/seed/vmanage-server.log"));
        SyncAttempts read = SyncAttempts.of(ManagerLines.of(lines, ZoneId.of("Asia/Kolkata"), NOW), NOW);
        assertThat(read.failedAt()).isEqualTo(Instant.parse("2023-01-13T11:59:03.490Z"));
        assertThat(read.failedLine()).contains("[RestAPIClient]", "Failed to");
        assertThat(read.goodAt()).isNull();
    }

    @Test
    void aCallWithoutErrorOnTheThreadOfALicensingClassIsASuccessfulSync() {
        SyncAttempts read = read(line(1, "INFO", "SmartLicensingUtil", 7), line(2, "INFO", "RestAPIClient", 7));
        assertThat(read.goodAt()).isEqualTo(Instant.parse("2023-01-13T12:00:02Z"));
        assertThat(read.failedAt()).isNull();
    }

    @Test
    void readingSettingsIsNotASync() {
        SyncAttempts read = read(
                line(1, "INFO", "AbstractSettingsManager", 7),
                line(2, "INFO", "SmartLicensingUtil", 7),
                line(3, "INFO", "RestAPIClient", 8));
        assertThat(read.goodAt()).isNull();
    }

    @Test
    void anErrorOfAnotherClassIsNotAFailedSync() {
        assertThat(read(line(1, "ERROR", "DeviceStatsCollector", 7)).failedAt()).isNull();
    }

    @Test
    void anErrorOfACallWithoutALicensingClassIsNotAFailedSync() {
        assertThat(read(line(1, "ERROR", "RestAPIClient", 7)).failedAt()).isNull();
    }

    @Test
    void linesWithAnAmbiguousZoneShowNoSync() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/seed/vmanage-server.log"));
        SyncAttempts read = SyncAttempts.of(ManagerLines.of(lines, null, NOW), NOW);
        assertThat(read.failedAt()).isNull();
        assertThat(read.goodAt()).isNull();
    }

    @Test
    void aSuccessfulSyncAfterAFailedOneIsNewer() {
        SyncAttempts read = read(
                line(1, "ERROR", "SmartLicensingUtil", 7),
                line(5, "INFO", "SmartLicensingUtil", 8),
                line(6, "INFO", "RestAPIClient", 8));
        assertThat(read.failedAt()).isBefore(read.goodAt());
    }

    @Test
    void aSyncThatMayStillBeRunningIsNotSuccessful() {
        List<ManagerLines.Line> lines = ManagerLines.of(
                List.of(line(1, "INFO", "SmartLicensingUtil", 7), line(2, "INFO", "RestAPIClient", 7)),
                ZoneOffset.UTC,
                NOW);
        Instant soon = Instant.parse("2023-01-13T12:00:30Z");
        assertThat(SyncAttempts.of(lines, soon).goodAt()).isNull();
    }

    private static SyncAttempts read(String... lines) {
        return SyncAttempts.of(ManagerLines.of(List.of(lines), ZoneOffset.UTC, NOW), NOW);
    }

    private static String line(int second, String level, String program, int task) {
        return HEAD + second + ",000 UTC " + level + " [um8_vManage] [" + program + "] (default task-" + task
                + ") |default| text";
    }
}
