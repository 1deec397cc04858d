package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.manager.ManagerSimulator;
import io.licenserelay.simulator.ssm.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor also checks the SD-WAN Manager of a site, and the Manager's client. */
class DoctorManagerIT {
    @TempDir
    Path folder;

    @Test
    void aHealthyManagerHasOneLinePerCheck() throws Exception {
        try (OneSite site = OneSite.in(folder);
                ManagerSimulator manager = manager(site)) {
            CommandResult result = site.run("doctor");
            assertThat(result.out())
                    .contains("✓ hq manager login", "✓ hq manager version", "is version 20.12.3")
                    .contains("✓ hq manager settings", "– hq manager compliance")
                    .contains("✓ hq manager client", "asUser: accepted")
                    .doesNotContain("manager-secret-1", "admin-password-1", "watcher-password-1");
            assertThat(result.exitCode()).as(result.out()).isZero();
            assertThat(manager.openSessions()).isZero();
        }
    }

    @Test
    void theWrongGrantOfTheManagersClientAndWrongSettingsAreReported() throws Exception {
        try (OneSite site = OneSite.in(folder);
                ManagerSimulator manager = manager(site)) {
            site.ssm().client(ApiClient.of("manager", "manager-secret-1", Grant.CLIENT_CREDENTIALS));
            manager.settings(manager.settings().mode("offline"));
            CommandResult result = site.run("doctor");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out())
                    .contains("✗ hq manager settings", "LIC7003", "its mode is offline, not on-prem")
                    .contains("✗ hq manager client", "LIC3002")
                    .contains("asClient: accepted");
            assertThat(manager.openSessions()).isZero();
        }
    }

    @Test
    void aRejectedManagerPasswordIsSentAgainOnlyWithTheOption() throws Exception {
        try (OneSite site = OneSite.in(folder);
                ManagerSimulator manager = manager(site)) {
            manager.user("watcher", "another-password-1");
            assertThat(site.run("doctor").out()).contains("✗ hq manager login", "LIC7002");
            assertThat(site.run("doctor").out()).contains("the password has not been sent since");
            assertThat(manager.requests().wrongPasswords()).isEqualTo(1);
            site.run("doctor", "--try-password");
            assertThat(manager.requests().wrongPasswords()).isEqualTo(2);
        }
    }

    @Test
    void anUnreachableManagerDoesNotHideOtherChecks() throws Exception {
        try (OneSite site = OneSite.in(folder);
                ManagerSimulator manager = manager(site)) {
            manager.faults().set("refuse");
            CommandResult result = site.run("doctor");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out())
                    .contains("✗ hq manager login", "LIC1003", "– hq manager version", "✓ hq api licenses");
        }
    }

    @Test
    void theSyncRequestIsCheckedWithoutSendingOne() throws Exception {
        try (OneSite site = OneSite.in(folder);
                ManagerSimulator manager = manager(site)) {
            site.files()
                    .site(
                            "reports",
                            "{ push: manager, inbox: " + folder.resolve("in/box") + ", outbox: "
                                    + folder.resolve("outbox") + " }");
            site.writeWithTopics();
            assertThat(site.run("doctor").out()).contains("✓ hq manager push", "as user watcher, in mode onprem");
            manager.settings(manager.settings().mode("online"));
            CommandResult result = site.run("doctor");
            assertThat(result.out()).contains("✗ hq manager push", "LIC7003", "the Manager's mode is online");
            assertThat(manager.receivedSyncs()).isEmpty();
            assertThat(manager.openSessions()).isZero();
        }
    }

    private ManagerSimulator manager(OneSite site) throws Exception {
        site.ssm()
                .client(ApiClient.of("manager", "manager-secret-1", Grant.PASSWORD))
                .user("admin", "admin-password-1");
        ManagerSimulator manager = ManagerSimulator.of(site.ssm())
                .user("watcher", "watcher-password-1")
                .ssmClient("manager", "manager-secret-1", "admin", "admin-password-1")
                .start();
        site.files()
                .site(
                        "manager",
                        "{ url: '" + manager.url() + "', trust: '" + folder.resolve("ssm-ca.pem")
                                + "', user: { name: watcher, password: 'file:" + secret("watcher-password-1")
                                + "' }, ssmClient: { id: manager, secret: 'file:" + secret("manager-secret-1")
                                + "', user: admin, password: 'file:" + secret("admin-password-1") + "' } }");
        site.writeWithTopics();
        return manager;
    }

    private Path secret(String value) throws IOException {
        return Files.writeString(folder.resolve(value + ".txt"), value + "\n");
    }
}
