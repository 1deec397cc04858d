package io.licenserelay.reports.health;

import static io.licenserelay.fixture.RumSamples.bare;
import static io.licenserelay.fixture.RumSamples.payload;
import static io.licenserelay.fixture.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.fixture.CloudAndRelay;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ReportState;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.store.Database;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RetentionIT {
    @RegisterExtension
    final CloudAndRelay cloud = new CloudAndRelay();

    @Test
    void contentOfFinishedReportsGoesAfterItsTimeAndTheRowsStay() throws Exception {
        cloud.push("api").start();
        cloud.ssm().faults().set("report-rejected");
        cloud.drop("rum.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        cloud.ssm().faults().clear();
        cloud.ssm().reports().pollInterval(3600);
        cloud.drop("waits.txt", bare(report(payload("9ABC", 2))));
        cloud.relay().sync();
        assertThat(payloads()).doesNotContain("");

        cloud.relay().relay().database().write(Database.RELAY, tx -> tx.execute("UPDATE report SET changed_at = 1"));
        cloud.drop("again.txt", bare(report(payload("9ABC", 1))));
        cloud.relay().sync();
        assertThat(payloads()).containsExactlyInAnyOrder("", payload("9ABC", 2));
        ReportEntry gone = cloud.ledger().stream()
                .filter(each -> each.state() == ReportState.REJECTED)
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> cloud.relay().relay().asReportActions().resend(gone.digest()))
                .isInstanceOf(NotResendable.class)
                .hasMessageContaining("deleted after its retention time");
    }

    private List<String> payloads() {
        return cloud.relay().relay().database().read(tx -> tx.createQuery(
                        "SELECT COALESCE(c.payload, '') FROM report r LEFT JOIN report_content c ON c.digest = r.digest")
                .mapTo(String.class)
                .list());
    }
}
