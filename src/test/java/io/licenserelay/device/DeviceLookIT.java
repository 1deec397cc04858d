package io.licenserelay.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.DevicesAndRelay;
import io.licenserelay.site.Site;
import java.time.Clock;
import java.util.Objects;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device is visited over a real connection, without a relay. */
class DeviceLookIT {
    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @ParameterizedTest
    @CsvSource({
        "html, device.bad-answer",
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
    void everyFaultOfADeviceIsNamed(String fault, String finding) throws Exception {
        devices.add("edge-1");
        devices.relay().ssm("limits", "{ connect: 2s, tls: 2s, response: 1s, total: 20s, size: 1MiB }");
        Site site = devices.site();
        devices.device("edge-1").faults().set(fault);
        assertThat(DeviceLook.of(site, Objects.requireNonNull(site.reports().devices()), null, Clock.systemUTC()))
                .singleElement()
                .satisfies(seen -> assertThat(
                                Objects.requireNonNull(seen.trouble()).name())
                        .isEqualTo(finding));
    }
}
