package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.SmallSsm;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryIT {
    @TempDir
    Path folder;

    @Test
    void aCertificateThatEndsSoonIsAnIncidentLongBeforeItIsAFailure() throws Exception {
        try (SsmSimulator ssm = SmallSsm.start();
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            ssm.faults().set("expiring-cert");
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            assertThat(codes(relay)).containsExactly("trigger LIC2006");
            assertThat(events(relay).get(0).at("/data/impact/at").asText()).isNotEmpty();

            ssm.faults().clear();
            relay.sync();
            assertThat(codes(relay)).containsExactly("trigger LIC2006", "resolve LIC2006");
        }
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

    @ParameterizedTest
    @CsvSource({
        "Synchronization overdue, minor, synchronize with Cisco, LIC4009",
        "Synchronization overdue, major, the server will be removed in 5 days, LIC4010",
        "Synchronization token, minor, the token of the scheduled synchronization expires, LIC4011",
        "Database almost full, major, 98 % used, LIC9003"
    })
    void whatSsmSaysOfItselfIsPassedOnUntilItIsGone(String type, String severity, String message, String code)
            throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").alert(type, severity, "SSM", message);
        try (SsmSimulator ssm = SmallSsm.start(estate);
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            relay.sync();
            assertThat(codes(relay)).containsExactly("trigger " + code);

            estate.account("ACME").clearAlerts();
            relay.sync();
            assertThat(codes(relay)).containsExactly("trigger " + code, "resolve " + code);
        }
    }

    @ParameterizedTest
    @CsvSource({"60, info, expiry.ahead", "20, warning, expiry.soon", "3, critical, expiry.soon"})
    void aSubscriptionIsToldBeforeItEndsTheLouderTheNearer(int days, String severity, String because) throws Exception {
        LocalDate end = LocalDate.now(ZoneOffset.UTC).plusDays(days + 1L);
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").subscription("SUB-1", "DNA", 5, end.minusYears(3), end);
        try (SsmSimulator ssm = SmallSsm.start(estate);
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            relay.sync();
            JsonNode event = events(relay).get(0);
            assertThat(codes(relay)).containsExactly("trigger LIC9002");
            assertThat(event.at("/data/dedupKey").asText()).isEqualTo("license-relay/hq/ACME/Default/expiry");
            assertThat(event.at("/data/severity").asText()).isEqualTo(severity);
            assertThat(event.at("/data/diagnosis/because/0").asText()).isEqualTo(because);
            assertThat(event.at("/data/impact/at").asText()).isEqualTo(end + "T00:00:00Z");
            assertThat(event.at("/data/error/message").asText()).contains("subscription SUB-1 on " + end);
            assertThat(event.at("/data/subscriptions/0/id").asText()).isEqualTo("SUB-1");
            assertThat(event.at("/data/subscriptions/0/virtualAccount").asText())
                    .isEqualTo("Default");
            assertThat(event.at("/data/subscriptions/0/endsAt").asText()).isEqualTo(end + "T00:00:00Z");
            assertThat(event.at("/data/subscriptionsTotal").asInt()).isEqualTo(1);

            estate.account("ACME").va("Default").removeSubscription("SUB-1");
            relay.sync();
            assertThat(codes(relay)).containsExactly("trigger LIC9002", "resolve LIC9002");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 120})
    void whatEndedBeforeOrEndsInMonthsIsNoIncident(int days) throws Exception {
        LocalDate end = LocalDate.now(ZoneOffset.UTC).plusDays(days);
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").subscription("SUB-1", "DNA", 5, end.minusYears(3), end);
        try (SsmSimulator ssm = SmallSsm.start(estate);
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            relay.sync();
            assertThat(codes(relay)).isEmpty();
        }
    }

    @Test
    void aMinorAlertOfNoConsequenceIsNoIncident() throws Exception {
        Estate estate = Estate.of();
        estate.account("ACME").alert("Update available", "minor", "SSM", "a newer release");
        try (SsmSimulator ssm = SmallSsm.start(estate);
                TempRelay relay = TempRelay.in(folder).of(ssm).start()) {
            assertThat(relay.sync().alerts()).isEqualTo(1);
            assertThat(codes(relay)).isEmpty();
        }
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
