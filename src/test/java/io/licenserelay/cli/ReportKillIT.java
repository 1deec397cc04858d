package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the real process at random instants of a report's way, from inbox to acknowledgement. */
class ReportKillIT {
    @TempDir
    Path folder;

    @Test
    void killedTwentyTimesItLosesNoReportAndSendsNoneAsNewTwice() throws Exception {
        ReportKills.Outcome outcome = new ReportKills(folder, 20, 4711).run();
        System.out.println("ReportKillIT: " + outcome);
        assertThat(outcome.lost()).isZero();
        assertThat(outcome.duplicated()).isZero();
        assertThat(outcome.midway()).as("kills in the middle of a submission").isPositive();
        assertThat(outcome.reports()).isGreaterThan(60);
    }
}
