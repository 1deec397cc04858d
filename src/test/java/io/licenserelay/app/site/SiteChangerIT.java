package io.licenserelay.app.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.licenserelay.app.site.SiteChanges.Effect;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.HostileServer;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.fixture.TestStore;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.ScenarioIT;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncResult;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.quartz.impl.matchers.GroupMatcher;

/** A running relay whose configuration changes, with real servers. {@code -Dstore=postgresql} proves the same for a node of a cluster. */
class SiteChangerIT extends ScenarioIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Never during a test; a site that was never synced runs once at its start. */
    private static final String SELDOM = "'0 0 3 1 1 ?'";

    private final CountDownLatch released = new CountDownLatch(1);

    @Test
    void anAddedSiteRunsAndOtherSitesAreNotRestarted() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = scheduled(ssm).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            Set<String> touched = touchedRoutes(relay);

            SiteChanges changes = relay.furtherSite(site("lab", ssm)).apply();

            assertThat(changes).isEqualTo(new SiteChanges(List.of("lab"), List.of(), List.of(), List.of()));
            awaitRuns(relay, "lab", 1);
            assertThat(sync(relay, "lab")).isEqualTo("complete");
            assertThat(touched).containsExactlyInAnyOrder("inbox-timer.lab", "evidence.lab");
            assertThat(runs(relay, "hq")).isEqualTo(1);
            assertThat(relay.apply().isEmpty()).as("nothing differs").isTrue();
        }
    }

    @Test
    void aChangedScheduleIsFollowed() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = scheduled(ssm).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            assertThat(relay.site("schedule", "'0/1 * * * * ?'").apply().changed())
                    .containsExactly("hq");
            awaitRuns(relay, "hq", 3);
            assertThat(relay.site("schedule", SELDOM).apply().changed()).containsExactly("hq");
            int ended = runs(relay, "hq");
            assertThat(sync(relay, "hq")).isEqualTo("complete");
            assertThat(runs(relay, "hq")).as("no further run is due").isEqualTo(ended + 1);
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void anotherSsmGetsItsOwnTokenAndTheFormerOneNoFurtherRequest() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                HostileServer other = HostileServer.start();
                TempRelay relay = scheduled(ssm).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            relay.ssm("url", other.url()).ssm("trust", other.trust(folder).toString());
            assertThat(relay.apply().problems()).isEmpty();
            int before = ssm.requests().total();
            assertThat(sync(relay, "hq")).isEqualTo("complete");
            assertThat(ssm.requests().total()).isEqualTo(before);
            assertThat(other.requests().get(0)).contains("/oauth/token");
            assertThat(other.requests().subList(1, other.requests().size()))
                    .allMatch(request -> request.contains("Bearer hostile-token-1")
                            || request.contains("User-Agent: license-relay probe"));
        }
    }

    @Test
    void aNewSecretIsUsedAndNeverPublished() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                HostileServer other = HostileServer.start();
                TempRelay relay = scheduled(ssm).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            other.answer(
                    "/upstream",
                    (request, out) -> HostileServer.text(
                            out,
                            "HTTP/1.1 500 Broken\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
                                    + "the id plainword-of-lab is broken"));
            relay.environment("SECRET_OF_LAB", "plainword-of-lab")
                    .furtherSite(site("lab", other.url(), other.trust(folder), SELDOM, "SECRET_OF_LAB", ""))
                    .apply();
            await().atMost(TIMEOUT).until(() -> !relay.failures().isEmpty());
            assertThat(relay.failures().get(0).json().toString())
                    .contains("is broken")
                    .doesNotContain("plainword-of-lab");
        }
    }

    @Test
    void aBusySiteIsChangedAfterItsRunWhileOtherSitesGoOn() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                HostileServer slow = HostileServer.start();
                TempRelay relay = scheduled(ssm)
                        .furtherSites(List.of(slow(slow, SELDOM), site("branch", ssm)))
                        .startScheduled()) {
            awaitRuns(relay, "hq", 1);
            awaitRuns(relay, "branch", 1);
            awaitRuns(relay, "slow", 1);
            slow.answer("/upstream_satellites/accounts ", this::answerWhenReleased);
            CompletableFuture<String> current = async(() -> sync(relay, "slow"));
            await().atMost(TIMEOUT).until(() -> running(relay, "slow"));

            relay.furtherSites(List.of(slow(slow, "'0 0 4 1 1 ?'"), site("branch", ssm), site("lab", ssm)));
            CompletableFuture<SiteChanges> change = async(relay::apply);
            awaitRuns(relay, "lab", 1);
            assertThat(sync(relay, "branch")).isEqualTo("complete");
            CompletableFuture<String> next = async(() -> sync(relay, "slow"));
            assertThat(sync(relay, "hq")).isEqualTo("complete");
            assertThat(change).as("the run of the site is not over").isNotDone();
            assertThat(runs(relay, "slow"))
                    .as("the next run waits for the change")
                    .isEqualTo(2);
            assertThat(scheduleOf(relay, "slow")).isEqualTo("0 0 3 1 1 ?");

            released.countDown();
            assertThat(current.get(2, TimeUnit.MINUTES)).isEqualTo("complete");
            SiteChanges made = change.get(2, TimeUnit.MINUTES);
            assertThat(made.changed()).containsExactly("slow");
            assertThat(made.added()).containsExactly("lab");
            assertThat(next.get(2, TimeUnit.MINUTES)).isEqualTo("complete");
            assertThat(scheduleOf(relay, "slow")).isEqualTo("0 0 4 1 1 ?");
        }
    }

    @Test
    void aRemovedSiteEndsWithItsIncidentsAndAnswersWhoWaits() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                HostileServer slow = HostileServer.start();
                TempRelay relay =
                        scheduled(ssm).furtherSites(List.of(slow(slow, SELDOM))).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            slow.answer("/virtual-accounts ", (request, out) -> HostileServer.text(out, "nonsense\r\n\r\n"));
            awaitRuns(relay, "slow", 1);
            sync(relay, "slow");
            assertThat(relay.failures()).isNotEmpty();
            slow.answer("/upstream_satellites/accounts ", (request, out) -> {
                awaitRelease();
                HostileServer.text(out, "nonsense\r\n\r\n");
            });
            CompletableFuture<String> current = async(() -> sync(relay, "slow"));
            await().atMost(TIMEOUT).until(() -> running(relay, "slow"));

            relay.furtherSites(List.of());
            CompletableFuture<SiteChanges> change = async(relay::apply);
            CompletableFuture<String> waiting = waitingSync(relay, "slow");
            released.countDown();
            current.get(2, TimeUnit.MINUTES);
            assertThat(change.get(2, TimeUnit.MINUTES).removed()).containsExactly("slow");
            assertThat(waiting.handle((outcome, thrown) -> thrown == null ? outcome : rootOf(thrown))
                            .get(2, TimeUnit.MINUTES)
                            .toString())
                    .as("in a cluster the requester gets the reason beside the result")
                    .matches("failed|.*UnknownSite: no site \"slow\" in the configuration; it has: hq");
            assertThatThrownBy(() -> sync(relay, "slow")).isInstanceOf(Sites.UnknownSite.class);
            assertThat(routesOf(relay, "slow")).isEmpty();
            // In a cluster, the site ends when its nodes have agreed about it for some time.
            await().atMost(TIMEOUT).until(() -> lastFailure(relay).state().equals("resolve"));
            assertThat(lastFailure(relay).json().toString()).contains("site slow is no longer configured");
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void aSiteThatIsAddedAgainKeepsItsInventory() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay =
                        scheduled(ssm).furtherSites(List.of(site("lab", ssm))).startScheduled()) {
            awaitRuns(relay, "lab", 1);
            awaitRuns(relay, "hq", 1);
            long events = relay.events(Topic.LICENSES).size();
            relay.furtherSites(List.of()).apply();
            assertThat(relay.furtherSites(List.of(site("lab", ssm))).apply().added())
                    .containsExactly("lab");
            assertThat(sync(relay, "lab")).isEqualTo("complete");
            assertThat(runs(relay, "lab")).as("the last run before counts").isEqualTo(2);
            assertThat(relay.events(Topic.LICENSES)).as("no license is new").hasSize((int) events);
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void aManagerIsWatchedWhileItIsConfigured() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                HostileServer manager = HostileServer.start();
                TempRelay relay = scheduled(ssm)
                        .environment("MANAGER_PASSWORD", "watcher-password-1")
                        .startScheduled()) {
            awaitRuns(relay, "hq", 1);
            relay.site(
                    "manager",
                    "{ url: '" + manager.url()
                            + "', user: { name: watcher, password: 'env:MANAGER_PASSWORD' }, trust: '"
                            + manager.trust(folder) + "' }");
            assertThat(relay.apply().changed()).containsExactly("hq");
            assertThat(routesOf(relay, "hq")).contains("manager-timer.hq");
            await().atMost(TIMEOUT).until(() -> !relay.failures().isEmpty());
            assertThat(relay.failures().get(0).flow()).isEqualTo("manager");

            assertThat(relay.without("manager").apply().changed()).containsExactly("hq");
            assertThat(routesOf(relay, "hq")).doesNotContain("manager-timer.hq");
            List<FailureEvent> events = relay.failures();
            FailureEvent last = events.get(events.size() - 1);
            assertThat(last.state()).isEqualTo("resolve");
            assertThat(last.json().toString()).contains("the Manager is no longer configured");
            assertThat(sync(relay, "hq")).isEqualTo("complete");
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void reportsAreReadFromTheNewInbox() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = scheduled(ssm).site("reports", inbox("first")).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            relay.site("reports", inbox("second")).apply();
            Files.writeString(Files.createDirectories(folder.resolve("second")).resolve("bad.xml"), "no report");
            await().atMost(TIMEOUT).until(() -> {
                try (Stream<Path> rejected = Files.walk(folder.resolve("rejected"))) {
                    return rejected.anyMatch(file -> file.toString().endsWith("bad.xml"));
                } catch (NoSuchFileException notYet) {
                    return false;
                }
            });
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void aLogIsReceivedOnItsNewPortOnly() throws Exception {
        int first = closedPort();
        int second = closedPort();
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = scheduled(ssm).site("logs", syslog(first)).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            assertThat(relay.site("logs", syslog(second)).apply().changed()).containsExactly("hq");
            try (DatagramSocket free = new DatagramSocket(first, InetAddress.getLoopbackAddress())) {
                awaitLine(free, second, "after the change");
            }
            assertThat(relay.site("logs", syslog(first)).apply().changed()).containsExactly("hq");
            try (DatagramSocket free = new DatagramSocket(second, InetAddress.getLoopbackAddress())) {
                awaitLine(free, first, "after the way back");
            }
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void aPortThatIsTakenLeavesTheSiteAsItWas() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TempRelay relay = scheduled(ssm).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            String logs = "[ { name: ssm, source: syslog, bind: 127.0.0.1, protocol: tcp, port: ";
            relay.site("logs", logs + taken.getLocalPort() + " } ]")
                    .furtherSite(site("lab", ssm)
                            .replace("probes:", "logs: " + logs + other.getLocalPort() + " } ], probes:"));

            SiteChanges changes = relay.relay().apply(relay.configuration());

            assertThat(changes.added()).isEmpty();
            assertThat(changes.changed()).isEmpty();
            assertThat(changes.problems())
                    .extracting(SiteChanges.Problem::site, SiteChanges.Problem::effect)
                    .containsExactly(tuple("hq", Effect.KEPT), tuple("lab", Effect.NOT_RUNNING));
            assertThat(changes.problems().get(0).reason())
                    .startsWith("log ssm in logs of site hq cannot be received")
                    .contains("stop the process that listens there");
            assertThat(relay.relay().sites().all())
                    .extracting(site -> site.name() + site.logs())
                    .containsExactly("hq[]");
            assertThat(sync(relay, "hq")).isEqualTo("complete");
            assertThat(routesOf(relay, "hq")).containsExactly("evidence.hq", "inbox-timer.hq");

            taken.close();
            relay.furtherSites(List.of());
            assertThat(relay.apply().changed()).containsExactly("hq");
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void aTrustFileThatVanishedLeavesTheSiteAsItWas() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = scheduled(ssm).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            Path trust = Files.copy(folder.resolve("ssm-ca.pem"), folder.resolve("other-ca.pem"));
            var next = relay.ssm("trust", trust.toString()).configuration();
            Files.delete(trust);
            SiteChanges changes = relay.relay().apply(next);
            assertThat(changes.problems()).hasSize(1);
            assertThat(changes.problems().get(0).reason()).contains("other-ca.pem");
            assertThat(sync(relay, "hq")).isEqualTo("complete");
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void aSiteThatCannotBeRestoredWaitsUntilItCanBeChanged() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = scheduled(ssm).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            Path former = folder.resolve("ssm-ca.pem");
            Path trust = Files.copy(former, folder.resolve("other-ca.pem"));
            var next = relay.ssm("trust", trust.toString()).configuration();
            Path away = Files.move(trust, folder.resolve("away.pem"));
            Files.delete(former);
            assertThat(relay.relay().apply(next).problems())
                    .extracting(SiteChanges.Problem::effect)
                    .containsExactly(Effect.NOT_RUNNING);
            CompletableFuture<String> waiting = async(() -> sync(relay, "hq"));
            Files.move(away, trust);
            assertThat(relay.relay().apply(next).changed()).containsExactly("hq");
            assertThat(waiting.get(2, TimeUnit.MINUTES)).isEqualTo("complete");
            assertThat(relay.failures()).isEmpty();
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void theStopOfTheRelayEndsAChangeThatWaits() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                HostileServer slow = HostileServer.start();
                TempRelay relay =
                        scheduled(ssm).furtherSites(List.of(slow(slow, SELDOM))).startScheduled()) {
            awaitRuns(relay, "hq", 1);
            awaitRuns(relay, "slow", 1);
            slow.answer("/upstream_satellites/accounts ", this::answerWhenReleased);
            CompletableFuture<String> current = async(() -> sync(relay, "slow"));
            await().atMost(TIMEOUT).until(() -> running(relay, "slow"));
            relay.furtherSites(List.of(slow(slow, "'0 0 4 1 1 ?'")));
            var next = relay.configuration();
            CompletableFuture<SiteChanges> change = async(() -> relay.relay().apply(next));
            CompletableFuture<String> waiting = waitingSync(relay, "slow");

            relay.relay().close();

            assertThat(change.get(1, TimeUnit.MINUTES).problems())
                    .containsExactly(new SiteChanges.Problem("slow", Effect.KEPT, "the relay is stopping"));
            assertThat(waiting).failsWithin(Duration.ofMinutes(1));
            assertThat(current).satisfies(ended -> await().atMost(TIMEOUT).until(ended::isDone));
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void fiftyChangesLeaveNothingBehind() throws Exception {
        int port = closedPort();
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay = scheduled(ssm)
                        .site("logs", syslog(port))
                        .site("schedule", SELDOM)
                        .startScheduled()) {
            awaitRuns(relay, "hq", 1);
            change(relay, 1);
            change(relay, 2);
            Map<String, Integer> before = numbers(relay);
            for (int i = 3; i <= 50; i++) {
                change(relay, i);
            }
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(numbers(relay)).isEqualTo(before));
            assertThat(sync(relay, "hq")).isEqualTo("complete");
        }
    }

    @Test
    @Tag("deep")
    @Tag("only-deep")
    void oneOfAHundredSitesIsChangedWithoutTheOthers() throws Exception {
        try (SsmSimulator ssm = simulator().start();
                TempRelay relay =
                        scheduled(ssm).furtherSites(hundred(ssm, SELDOM)).startScheduled()) {
            IntStream.range(0, 100).forEach(i -> awaitRuns(relay, "site-" + i, 1));
            Set<String> touched = touchedRoutes(relay);
            relay.furtherSites(hundred(ssm, "'0 0 4 1 1 ?'"));
            var next = relay.configuration();
            long begun = System.nanoTime();
            assertThat(relay.relay().apply(next).changed()).containsExactly("site-42");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
            System.getLogger(SiteChangerIT.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "one of 100 sites was changed in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
            TestStore.awaitOwnership(relay.relay());
            assertThat(touched).containsExactlyInAnyOrder("inbox-timer.site-42", "evidence.site-42");
        }
    }

    private List<String> hundred(SsmSimulator ssm, String scheduleOf42) {
        return IntStream.range(0, 100)
                .mapToObj(i -> site(
                        "site-" + i,
                        ssm.url().toString(),
                        folder.resolve("ssm-ca.pem"),
                        i == 42 ? scheduleOf42 : SELDOM,
                        "SSM_CLIENT_SECRET",
                        ""))
                .toList();
    }

    private static void change(TempRelay relay, int i) throws Exception {
        assertThat(relay.site("labels", "{ change: '" + i + "' }").apply().changed())
                .containsExactly("hq");
        sync(relay, "hq");
    }

    private static Map<String, Integer> numbers(TempRelay relay) throws Exception {
        CamelContext camel = relay.relay().camel();
        long ofSite = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("hq"))
                .count();
        return Map.of(
                "threads of the site", (int) ofSite,
                "routes", camel.getRoutesSize(),
                "definitions", ((ModelCamelContext) camel).getRouteDefinitions().size(),
                "endpoints", camel.getEndpointRegistry().size(),
                "policies", camel.getRoutePolicyFactories().size(),
                "beans", camel.getRegistry().findByType(Object.class).size(),
                "services", camel.getCamelContextExtension().getServices().size(),
                "jobs",
                        camel.getComponent("quartz", QuartzComponent.class)
                                .getScheduler()
                                .getJobKeys(GroupMatcher.anyGroup())
                                .size());
    }

    private static TempRelay scheduled(Path folder, SsmSimulator ssm) throws IOException {
        return TempRelay.in(folder).of(ssm).site("schedule", SELDOM);
    }

    private TempRelay scheduled(SsmSimulator ssm) throws IOException {
        return scheduled(folder, ssm);
    }

    private String site(String name, SsmSimulator ssm) {
        return site(name, ssm.url().toString(), folder.resolve("ssm-ca.pem"), SELDOM, "SSM_CLIENT_SECRET", "");
    }

    private String slow(HostileServer server, String schedule) {
        return site(
                "slow",
                server.url(),
                server.trust(folder),
                schedule,
                "SSM_CLIENT_SECRET",
                ", limits: { connect: 5s, tls: 5s, response: 110s, total: 110s }");
    }

    private static String site(String name, String url, Path trust, String schedule, String secret, String ofSsm) {
        return "{ name: " + name + ", schedule: " + schedule + ", jitter: 0s, probes: { deadline: 5s }, ssm: { url: '"
                + url + "', trust: '" + trust + "', client: { id: relay, secret: 'env:" + secret + "' }" + ofSsm
                + " } }";
    }

    private String inbox(String name) {
        return "{ push: bundle, inbox: '" + folder.resolve(name) + "', outbox: '" + folder.resolve("acks") + "' }";
    }

    private String syslog(int port) {
        return "[ { name: ssm, source: syslog, bind: 127.0.0.1, port: " + port + ", protocol: udp, path: '"
                + folder.resolve("received.log") + "' } ]";
    }

    /** Sends until the line is stored: a datagram may be lost. */
    private void awaitLine(DatagramSocket sender, int port, String text) {
        byte[] bytes = ("<134>" + text).getBytes(StandardCharsets.UTF_8);
        Path log = folder.resolve("received.log");
        await().atMost(TIMEOUT).until(() -> {
            sender.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
            return Files.exists(log) && Files.readString(log).contains(text);
        });
    }

    private void answerWhenReleased(String request, OutputStream out) throws IOException {
        awaitRelease();
        HostileServer.json(out, "{\"accounts\":[{\"name\":\"ACME\"}]}");
    }

    private void awaitRelease() throws IOException {
        try {
            if (!released.await(2, TimeUnit.MINUTES)) {
                throw new IOException("nobody released the answer");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static FailureEvent lastFailure(TempRelay relay) throws InterruptedException {
        List<FailureEvent> events = relay.failures();
        return events.get(events.size() - 1);
    }

    private static String sync(TempRelay relay, String site) throws InterruptedException {
        return relay.relay().asSyncs().sync(site, false).stream()
                .map(SyncResult::outcome)
                .distinct()
                .collect(Collectors.joining(","));
    }

    private static <T> CompletableFuture<T> async(Callable<T> call) {
        return async(call, new Thread[1]);
    }

    /** @param started gets the thread */
    private static <T> CompletableFuture<T> async(Callable<T> call, Thread[] started) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                task -> {
                    started[0] = new Thread(task, "test");
                    started[0].start();
                });
    }

    /** Requests a sync of a busy site, and returns when the requester waits. */
    private static CompletableFuture<String> waitingSync(TempRelay relay, String site) {
        Thread[] requester = new Thread[1];
        CompletableFuture<String> result = async(() -> sync(relay, site), requester);
        await().atMost(TIMEOUT).until(() -> requester[0].getState().name().endsWith("WAITING"));
        return result;
    }

    private static Throwable rootOf(Throwable thrown) {
        return thrown.getCause() == null ? thrown : rootOf(thrown.getCause());
    }

    private static String scheduleOf(TempRelay relay, String site) {
        return relay.relay().sites().named(site).schedule().cron();
    }

    private static boolean running(TempRelay relay, String site) {
        return relay.relay().runs().current(site).isPresent();
    }

    private static void awaitRuns(TempRelay relay, String site, int most) {
        await().atMost(TIMEOUT).until(() -> runs(relay, site) >= most && !running(relay, site));
    }

    private static int runs(TempRelay relay, String site) {
        return relay.relay().database().read(tx -> tx.createQuery("SELECT COUNT(*) FROM run WHERE site = :site")
                .bind("site", site)
                .mapTo(Integer.class)
                .one());
    }

    private static List<String> routesOf(TempRelay relay, String site) {
        return relay.relay().camel().getRoutes().stream()
                .map(Route::getRouteId)
                .filter(id -> id.endsWith("." + site) || id.startsWith("syslog-" + site + "-"))
                .sorted()
                .toList();
    }

    /** The ids of the routes that are started or stopped from now on. */
    private static Set<String> touchedRoutes(TempRelay relay) {
        Set<String> touched = ConcurrentHashMap.newKeySet();
        relay.relay().camel().getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.RouteStartedEvent || event instanceof CamelEvent.RouteStoppedEvent) {
                    touched.add(((CamelEvent.RouteEvent) event).getRoute().getRouteId());
                }
            }
        });
        return touched;
    }
}
