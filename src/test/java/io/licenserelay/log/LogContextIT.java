package io.licenserelay.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.CapturedLog;
import io.licenserelay.fixture.FailureEvent;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateAccount;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.licenserelay.sync.run.SyncService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.logging.log4j.core.LogEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

/** Every line of a run names its own run and place, on every thread, also while runs of other sites use the same threads. */
class LogContextIT {
    private static final int VIRTUAL_ACCOUNTS = 6;
    private static final int ROUNDS = 4;
    private static final String LOGGER = "io.licenserelay.log.test";
    private static final String PROBE_LOGGER = "io.licenserelay.probe.test";

    @TempDir
    private Path folder;

    private final Estate estate = Estate.of();

    @BeforeEach
    void fillTheEstate() {
        EstateAccount acme = estate.account("ACME");
        for (int each = 0; each < VIRTUAL_ACCOUNTS; each++) {
            acme.va("VA" + each).license("DNA Advantage", 10, 4, "In Compliance");
        }
    }

    @Test
    void parallelRunsOfTwoSitesNameTheirOwnRunAndPlaceInEveryLine() throws Exception {
        try (SsmSimulator ssm = simulator();
                TempRelay hq = TempRelay.in(folder).of(ssm).routes(routesThatLogTheirPlace());
                CapturedLog steps = new CapturedLog(LOGGER);
                CapturedLog relay = new CapturedLog(SyncService.class)) {
            hq.beside("branch", folder).of(ssm);
            hq.start();
            for (int round = 0; round < ROUNDS; round++) {
                hq.relay().asSyncs().sync(null, false);
            }
            List<LogEvent> lines = steps.events();
            assertThat(lines).hasSize(2 * ROUNDS * VIRTUAL_ACCOUNTS);
            // The message is the truth of the route: "{run} {place}".
            assertThat(lines)
                    .allSatisfy(line -> assertThat(field(line, LogContext.RUN) + " " + field(line, LogContext.PLACE))
                            .isEqualTo(line.getMessage().getFormattedMessage()));
            assertThat(lines).allSatisfy(line -> {
                assertThat(field(line, LogContext.ACCOUNT)).isEqualTo("ACME");
                assertThat(field(line, LogContext.PLACE)).startsWith(field(line, LogContext.SITE) + "/ACME/VA");
                assertThat(field(line, LogContext.TRACE)).matches("[0-9a-f]{32}");
            });
            // Otherwise the test would show nothing: a thread of the pool worked for both sites.
            Map<String, List<String>> sitesByThread = lines.stream()
                    .collect(Collectors.groupingBy(
                            LogEvent::getThreadName,
                            Collectors.mapping(line -> field(line, LogContext.SITE), Collectors.toList())));
            assertThat(sitesByThread.values()).as("%s", sitesByThread).anySatisfy(sites -> assertThat(sites)
                    .contains("hq", "branch"));
            assertThat(relay.events()).isNotEmpty().allSatisfy(line -> {
                assertThat(line.getMessage().getFormattedMessage())
                        .startsWith(field(line, LogContext.SITE) + ": sync ");
                assertThat(line.getMessage().getFormattedMessage()).contains(field(line, LogContext.RUN));
            });
        }
        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    }

    @Test
    void probesAndTheEndOfAFailedRunNameItsPlaceAndCode() throws Exception {
        try (SsmSimulator ssm = simulator();
                TempRelay relay = TempRelay.in(folder).of(ssm).routes(routesThatLogTheirPlace());
                CapturedLog steps = new CapturedLog(PROBE_LOGGER);
                CapturedLog runs = new CapturedLog(SyncService.class)) {
            relay.start();
            ssm.faults().set("forbidden", "va", "VA3");
            relay.sync();
            FailureEvent failure = relay.failures().get(0);
            String trace =
                    relay.events(Topic.FAILURES).get(0).path("traceparent").asText();
            assertThat(steps.events()).isNotEmpty().allSatisfy(line -> {
                assertThat(field(line, LogContext.PLACE)).isEqualTo("hq/ACME/VA3");
                assertThat(trace).contains("-" + field(line, LogContext.TRACE) + "-");
            });
            LogEvent ended = runs.events().get(runs.events().size() - 1);
            assertThat(field(ended, LogContext.CODE)).isEqualTo(failure.code());
            assertThat(field(ended, LogContext.PLACE)).isEqualTo("hq");
        }
    }

    private SsmSimulator simulator() throws Exception {
        return SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
    }

    /** The packed routes, with a log step in the route of a virtual account and in that of a probe. */
    private Path routesThatLogTheirPlace() throws Exception {
        Path routes = Files.createDirectories(folder.resolve("own-routes"));
        withLogAfter(
                routes,
                "26-va.camel.yaml",
                "                expression: ${body}\n",
                LOGGER,
                "${variable.task.id} ${variable.va.place}");
        withLogAfter(
                routes, "53-network.camel.yaml", "      uri: direct:probe-dns\n      steps:\n", PROBE_LOGGER, "dns");
        return routes;
    }

    private static void withLogAfter(Path routes, String file, String after, String logger, String message)
            throws Exception {
        String text = Files.readString(Path.of("routes").resolve(file));
        assertThat(text).contains(after);
        String step = "        - log:\n            id: test-log-" + file.substring(0, 2)
                + "\n            description: The line under test\n            logName: " + logger
                + "\n            message: \"" + message + "\"\n";
        int end = text.indexOf(after) + after.length();
        Files.writeString(routes.resolve(file), text.substring(0, end) + step + text.substring(end));
    }

    private static String field(LogEvent line, String name) {
        return String.valueOf(line.getContextData().<String>getValue(name));
    }
}
