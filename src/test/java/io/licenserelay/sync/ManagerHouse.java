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
import io.licenserelay.usage.LedgerView;
import io.licenserelay.usage.RumSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    final Estate estate = Estate.of();
    private final Path folder;
    private boolean client = true;

    ManagerHouse(Path folder) throws IOException {
        this.folder = folder;
        estate.account("ACME").va("Default").device("C8000V", "9ABC").license("DNA Advantage", 10, 4, "In Compliance");
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

    /** Usage reports make the relay ask the Manager to sync. */
    ManagerHouse pushing() {
        relay.site(
                "reports",
                "{ push: manager, inbox: " + folder.resolve("reports/inbox") + ", outbox: "
                        + folder.resolve("reports/outbox") + " }");
        relay.setting("reports.manager.look", "300");
        return this;
    }

    void drop(String name, String content) {
        RumSamples.write(folder.resolve("reports/inbox").resolve(name), content);
    }

    void drop(String name, byte[] content) throws IOException {
        Files.write(Files.createDirectories(folder.resolve("reports/inbox")).resolve(name), content);
    }

    /** A run, after which nobody is logged in to the Manager. */
    void run(String outcome) throws InterruptedException {
        assertThat(relay.sync().outcome()).isEqualTo(outcome);
        assertThat(manager.openSessions()).as("who asked has left").isZero();
    }

    /** {@code requested the SD-WAN Manager …}: the states of all reports with their reasons, oldest first. */
    List<String> reports() {
        List<String> reports = new ArrayList<>();
        new LedgerView(relay.relay().database())
                .each(null, report -> reports.add(report.state().wireName() + " " + report.reason()));
        return reports;
    }

    /** Every state and reason of the only report, oldest first. */
    List<String> history() {
        LedgerView view = new LedgerView(relay.relay().database());
        List<String> history = new ArrayList<>();
        view.each(null, report -> view.history(report.digest())
                .forEach(each -> history.add(each.state().wireName() + " " + each.reason())));
        return history;
    }

    /** What was written down of every request, oldest first: {@code taken onprem}. */
    List<String> requests() {
        return relay.relay().database().read(tx -> tx.createQuery(
                        "SELECT COALESCE(outcome, 'open') || ' ' || COALESCE(mode, message, '')"
                                + " FROM manager_request ORDER BY rowid")
                .mapTo(String.class)
                .list());
    }

    /** The events of flow push so far. */
    List<FailureEvent> pushed() throws InterruptedException {
        return relay.failures().stream()
                .filter(event -> event.flow().equals("push"))
                .toList();
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
