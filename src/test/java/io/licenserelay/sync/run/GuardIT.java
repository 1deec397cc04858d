package io.licenserelay.sync.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.RealKafka;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.ssm.SsmSimulator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A valid answer that lacks known items is not applied at once. */
class GuardIT extends ScenarioIT {
    @Test
    void threeEqualPullsAreApplied() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.sync();
            List<String> before = relay.inventory();
            ssm.faults().set("empty", "resource", "licenses");
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(relay.inventory()).isEqualTo(before);
            SyncResult third = relay.sync();
            assertThat(third.outcome()).isEqualTo("complete");
            assertThat(third.changes().gone()).isEqualTo(2);
            assertThat(relay.inventory()).isEmpty();
            List<FailureEvent> events = relay.failures();
            assertThat(events).extracting(FailureEvent::code).containsOnly("LIC4008");
            assertThat(events.get(0).because()).containsExactly("inventory.vanished");
            assertThat(states(events)).containsExactly("trigger", "resolve");
        }
    }

    @Test
    void onlyTheAllowedShareOfLicensesCanDisappearAtOnce() throws Exception {
        va.license("DNA Premier", 3, 0, "In Compliance").license("Routing", 2, 0, "In Compliance");
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).site("guard", "{ shrink: 50% }").start()) {
            relay.sync();
            va.remove("Routing").remove("DNA Premier");
            SyncResult half = relay.sync();
            assertThat(half.outcome()).isEqualTo("complete");
            assertThat(half.changes().gone()).isEqualTo(2);

            va.license("DNA Premier", 3, 0, "In Compliance");
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            List<String> before = relay.inventory();
            va.remove("DNA Premier").remove("DNA Essentials");
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(relay.inventory()).isEqualTo(before);
            assertThat(only(relay.failures()).code()).isEqualTo("LIC4008");
        }
    }

    @Test
    void anEmptyLicenseListIsGuardedAtEveryShrinkLimit() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).site("guard", "{ shrink: 100% }").start()) {
            relay.sync();
            List<String> before = relay.inventory();
            ssm.faults().set("empty", "resource", "licenses");
            assertThat(relay.sync().outcome()).isEqualTo("failed");
            assertThat(relay.inventory()).isEqualTo(before);
            assertThat(only(relay.failures()).code()).isEqualTo("LIC4008");
        }
    }

    @Test
    void anOperatorCanAcceptAShrunkenListAtOnce() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.sync();
            ssm.faults().set("empty", "resource", "licenses");
            relay.sync();
            assertThat(relay.acceptingSync().outcome()).isEqualTo("complete");
            assertThat(relay.inventory()).isEmpty();
            assertThat(states(relay.failures())).containsExactly("trigger", "resolve");
        }
    }

    @Test
    void aVirtualAccountThatDisappearsIsGuardedAndThenRemoved() throws Exception {
        acme.va("Lab").license("DNA Advantage", 3, 1, "In Compliance");
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.sync();
            acme.remove("Lab");
            assertThat(relay.sync().outcome()).isEqualTo("partial");
            assertThat(relay.inventory()).contains("ACME/Lab DNA Advantage PREPAID 3 1 In Compliance");
            FailureEvent trigger = only(relay.failures());
            assertThat(trigger.code()).isEqualTo("LIC4008");
            assertThat(trigger.key()).isEqualTo("license-relay/hq/ACME/Lab/pull");
            relay.acceptingSync();
            SyncResult after = relay.sync();
            assertThat(after.virtualAccounts()).isEqualTo(1);
            assertThat(after.licenses()).isEqualTo(2);
            assertThat(states(relay.failures())).containsExactly("trigger", "resolve");
            assertThat(RealKafka.records(relay.topic(Topic.LICENSES)))
                    .filteredOn(record -> record.value() == null)
                    .extracting(record -> record.key())
                    .containsExactly("hq/ACME/Lab/DNA%20Advantage/PREPAID");
        }
    }

    @Test
    void anAccountThatDisappearsFailsTheRun() throws Exception {
        estate.account("OTHER").va("Default").license("DNA Advantage", 3, 1, "In Compliance");
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = relay(ssm).start()) {
            relay.syncAll();
            estate.remove("OTHER");
            List<SyncResult> results = relay.syncAll();
            assertThat(results).extracting(SyncResult::outcome).containsExactly("complete", "failed");
            assertThat(only(relay.failures()).key()).isEqualTo("license-relay/hq/OTHER/Default/pull");
            relay.relay().asSyncs().sync(null, true);
            assertThat(relay.syncAll()).extracting(SyncResult::account).containsExactly("ACME");
            assertThat(states(relay.failures())).containsExactly("trigger", "resolve");
        }
    }
}
