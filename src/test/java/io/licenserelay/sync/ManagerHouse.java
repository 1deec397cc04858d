package io.licenserelay.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.demo.ApiClient;
import io.licenserelay.demo.Estate;
import io.licenserelay.demo.ManagerSimulator;
import io.licenserelay.demo.SsmSimulator;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.MovableClock;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.site.Grant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An SSM, an SD-WAN Manager that syncs with it by a client of its own, and a relay that syncs with the one and watches the other. */
final class ManagerHouse implements AutoCloseable {
    static final String MANAGER_SECRET = "manager-secret-1";
    static final String ADMIN_PASSWORD = "admin-password-1";
    static final String OUR_PASSWORD = "watcher-password-1";

    final SsmSimulator ssm;
    final ManagerSimulator manager;
    final TempRelay relay;
    private final MovableClock clock = new MovableClock();
    private final Path folder;
    private boolean client = true;

    ManagerHouse(Path folder) throws IOException {
        this.folder = folder;
        Estate estate = Estate.of();
        estate.account("ACME").va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        ssm = SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .client("manager", MANAGER_SECRET, Grant.PASSWORD)
                .user("admin", ADMIN_PASSWORD)
                .start();
        manager = ManagerSimulator.of(ssm)
                .user("watcher", OUR_PASSWORD)
                .ssmClient("manager", MANAGER_SECRET, "admin", ADMIN_PASSWORD)
                .clock(clock)
                .start();
        relay = TempRelay.in(folder)
                .of(ssm)
                .clock(clock)
                .site("logs", "[ { name: manager, source: manager-api, path: '" + log() + "', zone: UTC } ]")
                .environment("MANAGER_PASSWORD", OUR_PASSWORD)
                .environment("MANAGER_SSM_SECRET", MANAGER_SECRET)
                .environment("MANAGER_SSM_PASSWORD", ADMIN_PASSWORD);
    }

    /** The Manager's own client is not known to the relay. */
    ManagerHouse withoutClient() {
        client = false;
        return this;
    }

    ManagerHouse start() throws Exception {
        String known = client
                ? ", ssmClient: { id: manager, secret: 'env:MANAGER_SSM_SECRET', user: admin, password:"
                        + " 'env:MANAGER_SSM_PASSWORD' }"
                : "";
        relay.site(
                "manager",
                "{ url: '" + manager.url() + "', user: { name: watcher, password: 'env:MANAGER_PASSWORD' }, trust: '"
                        + folder.resolve("ssm-ca.pem") + "'" + known + " }");
        relay.start();
        return this;
    }

    /** Where the relay keeps the Manager's log. */
    Path log() {
        return folder.resolve("kept/manager.log");
    }

    void watch() {
        relay.relay().watch("hq");
        assertThat(manager.openSessions()).as("who looked has left").isZero();
    }

    /** A sync of the Manager's own, and a look once it is long over. */
    void syncAndWatch() throws InterruptedException {
        manager.sync();
        clock.forward(Duration.ofMinutes(2));
        watch();
    }

    void later(Duration by) {
        clock.forward(by);
    }

    /** How often the password of the Manager's user was sent to SSM for a token. */
    int passwords() {
        return ssm.requests().tokenRequests(Grant.PASSWORD);
    }

    void clientIs(String secret, Grant grant) {
        ssm.client(ApiClient.of("manager", secret, grant));
    }

    FailureEvent trigger() throws InterruptedException {
        List<FailureEvent> told = relay.failures();
        assertThat(told).extracting(FailureEvent::state).containsExactly("trigger");
        assertThat(told.get(0).flow()).as("%s", told.get(0)).isEqualTo("manager");
        return told.get(0);
    }

    void resolved(FailureEvent trigger) throws InterruptedException {
        watch();
        watch();
        List<FailureEvent> told = relay.failures();
        FailureEvent last = told.get(told.size() - 1);
        assertThat(last.state()).as("%s", last).isEqualTo("resolve");
        assertThat(last.key()).isEqualTo(trigger.key());
        assertThat(last.text("/causationid")).isEqualTo(trigger.id());
        assertThat(told.stream().filter(event -> event.state().equals("resolve")))
                .hasSize(1);
    }

    @Override
    public void close() throws IOException {
        relay.close();
        manager.close();
        ssm.close();
    }
}
