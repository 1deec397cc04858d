package io.licenserelay.usage;

import static io.licenserelay.usage.RumSamples.bare;
import static io.licenserelay.usage.RumSamples.payload;
import static io.licenserelay.usage.RumSamples.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionIT {
    @TempDir
    Path folder;

    @Test
    void contentOfFinishedReportsGoesAfterItsTimeAndTheRowsStay() throws Exception {
        try (ReportsHouse house = ReportsHouse.in(folder)) {
            house.ssm.faults().set("report-rejected");
            house.drop("rum.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            house.ssm.faults().clear();
            house.ssm.reports().pollInterval(3600);
            house.drop("waits.txt", bare(report(payload("9ABC", 2))));
            house.relay.sync();
            assertThat(payloads(house)).doesNotContain("");

            house.relay.relay().database().write(tx -> tx.execute("UPDATE report SET changed_at = 1"));
            house.drop("again.txt", bare(report(payload("9ABC", 1))));
            house.relay.sync();
            assertThat(payloads(house)).containsExactlyInAnyOrder("", payload("9ABC", 2));
            Report gone = house.ledger().stream()
                    .filter(each -> each.state() == State.REJECTED)
                    .findFirst()
                    .orElseThrow();
            assertThatThrownBy(() -> house.relay.relay().asReportActions().resend(gone.digest()))
                    .isInstanceOf(NotResendable.class)
                    .hasMessageContaining("not kept any more");
        }
    }

    private static List<String> payloads(ReportsHouse house) {
        return house.relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT COALESCE(c.payload, '') FROM report r LEFT JOIN report_content c ON c.digest = r.digest")
                .mapTo(String.class)
                .list());
    }
}
