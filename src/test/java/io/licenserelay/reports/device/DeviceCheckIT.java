package io.licenserelay.reports.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Devices;
import io.licenserelay.fixture.DevicesAndRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks a device over a real connection, without a running relay. */
class DeviceCheckIT {
    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "html, device.login-refused",
        "server-error, device.bad-answer",
        "endless, device.bad-answer",
        "not-found, device.no-such-path",
        "not-allowed, device.no-such-path",
        "forbidden, device.login-refused",
        "token-refused, device.login-refused",
        "other-cert, device.not-trusted",
        "expired-cert, device.not-trusted",
        "wrong-name-cert, device.not-trusted",
        "stall, device.unreachable",
        "reset, device.unreachable",
    })
    void everyFaultOfADeviceHasItsFinding(String fault, String finding) throws Exception {
        devices.add("edge-1");
        devices.relay().ssm("limits", "{ connect: 2s, tls: 2s, response: 1s, total: 20s, size: 1MiB }");
        Site site = devices.site();
        devices.device("edge-1").faults().set(fault);
        try (Database database = TestStore.current().open(folder)) {
            assertThat(checkedFinding(site, RejectedCredentials.keeping(database, Clock.systemUTC())))
                    .isEqualTo(finding);
        }
    }

    @Test
    void noPasswordIsSentIfTheAttemptCannotBeStored() throws Exception {
        devices.add("edge-1");
        checkedFinding(devices.site(), RejectedCredentials.none(Clock.systemUTC()));
        assertThat(devices.requestCount("edge-1", "list")).isZero();
    }

    private static String checkedFinding(Site site, RejectedCredentials refusals) throws InterruptedException {
        Devices configured = Objects.requireNonNull(site.reports().devices());
        List<DeviceCheck.Outcome> outcomes = DeviceCheck.of(site, configured, refusals, false, Clock.systemUTC());
        assertThat(outcomes).hasSize(1);
        return Objects.requireNonNull(outcomes.get(0).trouble()).name();
    }
}
