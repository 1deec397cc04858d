package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.simulator.device.DeviceSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor checks every device from which a site collects reports. */
class DoctorDevicesIT {
    private static final String PASSWORD = "device-password-1";

    @TempDir
    Path folder;

    @Test
    void everyDeviceHasALineWithItsState() throws Exception {
        try (OneSite site = OneSite.in(folder);
                DeviceSimulator healthy = device(site);
                DeviceSimulator refusing = device(site).user("relay", "another-password-1");
                DeviceSimulator old = device(site)) {
            healthy.reports("{}", "{}");
            old.faults().set("not-found");
            Path secret = Files.writeString(folder.resolve("device.txt"), PASSWORD + "\n");
            site.files()
                    .site(
                            "reports",
                            "{ devices: { user: { name: relay, password: 'file:" + secret + "' }, trust: '"
                                    + folder.resolve("ssm-ca.pem") + "', list: [ { name: well, url: '" + healthy.url()
                                    + "' }, { name: refusing, url: '" + refusing.url() + "' }, { name: old, url: '"
                                    + old.url() + "' } ] } }");
            site.writeWithTopics();
            CommandResult result = site.run("doctor");
            assertThat(result.exitCode()).as(result.out()).isEqualTo(1);
            assertThat(result.out())
                    .contains("✓ hq device well", "connected, trusted, logged in; 2 reports")
                    .contains("! hq device refusing", "LIC5008", "answered 401 to user relay")
                    .contains("log in by hand as this user")
                    .contains("! hq device old", "/smartlic-service/list answered 404")
                    .contains("✓ hq api licenses")
                    .doesNotContain(PASSWORD);
            assertThat(refusing.requests().wrongPasswords()).isEqualTo(1);
            assertThat(site.run("doctor").out()).contains("the password is not sent again until it changes");
            assertThat(refusing.requests().wrongPasswords()).isEqualTo(1);
            site.run("doctor", "--try-password");
            assertThat(refusing.requests().wrongPasswords()).isEqualTo(2);
            assertThat(healthy.requests().newest())
                    .allSatisfy(each -> assertThat(each.path()).isEqualTo("/smartlic-service/list"));
        }
    }

    private static DeviceSimulator device(OneSite site) throws Exception {
        return DeviceSimulator.start(site.ssm().authority()).user("relay", PASSWORD);
    }
}
