package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.SharedRelay;
import io.licenserelay.fixture.SharedRelay.Sites;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.SsmSite;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryIT {
    @TempDir
    Path folder;

    @RegisterExtension
    static final SharedRelay<SsmSite> RELAY = SsmSite.shared();

    private SsmSite site;

    @BeforeEach
    void take(SsmSite own) {
        site = own;
    }

    @Test
    void aCertificateThatExpiresSoonIsAnIncident() throws Exception {
        site.ssm().faults().set("expiring-cert");
        assertThat(site.relay().sync().outcome()).isEqualTo("complete");
        assertThat(codes(site.relay())).containsExactly("trigger LIC2006");
        assertThat(events(site.relay()).get(0).at("/data/impact/at").asText()).isNotEmpty();

        site.ssm().faults().clear();
        site.relay().sync();
        assertThat(codes(site.relay())).containsExactly("trigger LIC2006", "resolve LIC2006");
    }

    @Test
    void anApiClientThatExpiresWithinAWeekIsCritical() throws Exception {
        LocalDate soon = LocalDate.now(ZoneOffset.UTC).plusDays(3);
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .ssm("client", "{ id: relay, secret: 'env:SSM_CLIENT_SECRET', expires: " + soon + " }")
                        .start()) {
            relay.sync();
            assertThat(codes(relay)).containsExactly("trigger LIC3008");
            assertThat(events(relay).get(0).at("/data/severity").asText()).isEqualTo("critical");
        }
    }

    @Sites(4)
    @ParameterizedTest
    @CsvSource({
        "Synchronization overdue, minor, synchronize with Cisco, LIC4009",
        "Synchronization overdue, major, the server will be removed in 5 days, LIC4010",
        "Synchronization token, minor, the token of the scheduled synchronization expires, LIC4011",
        "Database almost full, major, 98 % used, LIC9003"
    })
    void anAlertOfSsmIsAnIncidentUntilTheAlertIsGone(String type, String severity, String message, String code)
            throws Exception {
        site.estate().account("ACME").alert(type, severity, "SSM", message);
        site.relay().sync();
        assertThat(codes(site.relay())).containsExactly("trigger " + code);

        site.estate().account("ACME").clearAlerts();
        site.relay().sync();
        assertThat(codes(site.relay())).containsExactly("trigger " + code, "resolve " + code);
    }

    @Sites(3)
    @ParameterizedTest
    @CsvSource({"60, info, expiry.ahead", "20, warning, expiry.soon", "3, critical, expiry.soon"})
    void theSeverityOfAnExpiringSubscriptionGrowsTowardsItsEnd(int days, String severity, String because)
            throws Exception {
        LocalDate end = LocalDate.now(ZoneOffset.UTC).plusDays(days + 1L);
        site.estate().account("ACME").va("Default").subscription("SUB-1", "DNA", 5, end.minusYears(3), end);
        site.relay().sync();
        JsonNode event = events(site.relay()).get(0);
        assertThat(codes(site.relay())).containsExactly("trigger LIC9002");
        assertThat(event.at("/data/dedupKey").asText())
                .isEqualTo("license-relay/" + site.relay().siteName() + "/ACME/Default/expiry");
        assertThat(event.at("/data/severity").asText()).isEqualTo(severity);
        assertThat(event.at("/data/diagnosis/because/0").asText()).isEqualTo(because);
        assertThat(event.at("/data/impact/at").asText()).isEqualTo(end + "T00:00:00Z");
        assertThat(event.at("/data/error/message").asText()).contains("subscription SUB-1 on " + end);
        assertThat(event.at("/data/subscriptions/0/id").asText()).isEqualTo("SUB-1");
        assertThat(event.at("/data/subscriptions/0/virtualAccount").asText()).isEqualTo("Default");
        assertThat(event.at("/data/subscriptions/0/endsAt").asText()).isEqualTo(end + "T00:00:00Z");
        assertThat(event.at("/data/subscriptionsTotal").asInt()).isEqualTo(1);

        site.estate().account("ACME").va("Default").removeSubscription("SUB-1");
        site.relay().sync();
        assertThat(codes(site.relay())).containsExactly("trigger LIC9002", "resolve LIC9002");
    }

    @Sites(2)
    @ParameterizedTest
    @ValueSource(ints = {-1, 120})
    void anExpiredOrLongValidSubscriptionIsNotAnIncident(int days) throws Exception {
        LocalDate end = LocalDate.now(ZoneOffset.UTC).plusDays(days);
        site.estate().account("ACME").va("Default").subscription("SUB-1", "DNA", 5, end.minusYears(3), end);
        site.relay().sync();
        assertThat(codes(site.relay())).isEmpty();
    }

    @Test
    void anUnimportantMinorAlertIsNotAnIncident() throws Exception {
        site.estate().account("ACME").alert("Update available", "minor", "SSM", "a newer release");
        assertThat(site.relay().sync().alerts()).isEqualTo(1);
        assertThat(codes(site.relay())).isEmpty();
    }

    private static List<JsonNode> events(TempRelay relay) throws InterruptedException {
        return relay.events(Topic.FAILURES);
    }

    private static List<String> codes(TempRelay relay) throws InterruptedException {
        return events(relay).stream()
                .map(event -> event.at("/data/state").asText() + " "
                        + event.at("/data/diagnosis/code").asText())
                .toList();
    }
}
