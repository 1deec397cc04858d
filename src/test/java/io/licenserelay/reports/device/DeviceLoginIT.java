package io.licenserelay.reports.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.fixture.DevicesAndRelay;
import io.licenserelay.fixture.MovableClock;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often the relay sends its password to devices that do not accept it. */
class DeviceLoginIT {
    @RegisterExtension
    final DevicesAndRelay devices = new DevicesAndRelay();

    @Test
    void aRejectedPasswordIsNotSentAgainUntilItChangesOrAnOperatorRequestsIt() throws Exception {
        devices.add("edge-1");
        devices.device("edge-1").user("relay", "another-password-1");
        devices.start();
        scheduledSync();
        scheduledSync();
        devices.restart();
        scheduledSync();
        assertThat(devices.device("edge-1").requests().wrongPasswords()).isEqualTo(1);
        assertThat(devices.newestFailure())
                .contains("device.login-refused", "the password is not sent again until it changes");
        devices.sync();
        assertThat(devices.device("edge-1").requests().wrongPasswords()).isEqualTo(2);
        devices.relay().environment("DEVICE_PASSWORD", "another-password-1");
        devices.restart();
        scheduledSync();
        assertThat(devices.requestCount("edge-1", "all-reports")).isEqualTo(3);
        assertThat(devices.incidents()).endsWith("resolve LIC5008");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server-error", "unavailable"})
    void aDeviceWithoutAnAnswerAboutThePasswordIsRetriedAtGrowingIntervals(String fault) throws Exception {
        MovableClock clock = new MovableClock();
        devices.relay().clock(clock);
        devices.add("edge-1");
        devices.device("edge-1").faults().set(fault);
        devices.start();
        for (int run = 0; run < 10; run++) {
            scheduledSync();
            clock.forward(Duration.ofMinutes(5));
        }
        int sent = devices.requestCount("edge-1", "all-reports");
        System.out.printf("DeviceLoginIT: %s: %d password(s) in 10 runs%n", fault, sent);
        assertThat(sent).isEqualTo(3);
        devices.device("edge-1").faults().clear();
        clock.forward(Duration.ofHours(1));
        scheduledSync();
        assertThat(devices.incidents()).endsWith("resolve LIC5008");
    }

    @Test
    void aSharedPasswordThatTwoDevicesRejectIsNotSentToTheOthers() throws Exception {
        String[] names = {"edge-1", "edge-2", "edge-3", "edge-4", "edge-5", "edge-6"};
        devices.add(names);
        for (String name : names) {
            devices.device(name).user("relay", "another-password-1").user("own", "own-password-1");
        }
        devices.relay().environment("OWN_PASSWORD", "own-password-1");
        devices.user("edge-6", "{ name: own, password: 'env:OWN_PASSWORD' }");
        devices.start();
        scheduledSync();
        scheduledSync();
        assertThat(Stream.of(names)
                        .mapToInt(name -> devices.device(name).requests().wrongPasswords())
                        .sum())
                .isEqualTo(2);
        assertThat(devices.newestFailure()).contains("5 device(s) reject the configured user", "and none accepted it");
        assertThat(devices.requestCount("edge-6", "all-reports"))
                .as("the device has its own user")
                .isEqualTo(2);
    }

    /** Runs a sync as the schedule does, without a request of an operator. */
    private void scheduledSync() throws InterruptedException {
        devices.relay().scheduledSync();
    }
}
