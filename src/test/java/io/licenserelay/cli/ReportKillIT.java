package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the real process at random instants while it processes reports, from inbox to acknowledgement. */
@Tag("deep")
@Tag("only-deep")
class ReportKillIT {
    private static final int KILLS = Integer.getInteger("kills", 4);

    @TempDir
    Path folder;

    @Test
    void repeatedKillsLoseNoReportAndSendNoneTwiceAsNew() throws Exception {
        ReportKills.Outcome outcome = new ReportKills(folder, KILLS, 4711).run();
        System.out.println("ReportKillIT: " + outcome);
        assertThat(outcome.lost()).isZero();
        assertThat(outcome.duplicated()).isZero();
        assertThat(outcome.midway()).as("kills in the middle of a submission").isPositive();
        assertThat(outcome.reports()).isGreaterThan(KILLS * 3);
    }

    @Test
    void afterKillsDuringPushesEveryReportIsAcknowledgedWithoutManualWork() throws Exception {
        ReportKills.Outcome outcome =
                ReportKills.duringPushes(folder, KILLS, 4712).run();
        System.out.println("ReportKillIT, during pushes: " + outcome);
        assertThat(outcome.lost()).isZero();
        assertThat(outcome.duplicated()).isZero();
        assertThat(outcome.byHand()).isZero();
        assertThat(outcome.midway()).as("kills in the middle of a submission").isPositive();
    }
}
