package io.licenserelay.app.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.licenserelay.app.trace.TraceCollector.Received;
import io.licenserelay.config.site.Grant;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.CapturedLog;
import io.licenserelay.fixture.TempRelay;
import io.licenserelay.simulator.estate.Estate;
import io.licenserelay.simulator.estate.EstateAccount;
import io.licenserelay.simulator.ssm.SsmSimulator;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of a relay is one trace in a collector. The collector never disturbs the run. */
class TracesIT {
    private static final Duration SENT = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Estate estate = Estate.of();

    @BeforeEach
    void fillTheEstate() {
        EstateAccount acme = estate.account("ACME");
        acme.va("Default").license("DNA Advantage", 10, 4, "In Compliance");
        acme.va("Secret Laboratory").license("DNA Essentials", 5, 1, "In Compliance");
    }

    @Test
    void aFailedRunIsOneTraceWithItsRequestsProbesAndTransactionsAndItsEventNamesIt() throws Exception {
        try (TraceCollector collector = TraceCollector.start();
                SsmSimulator ssm = simulator();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .setting("relay.traces.endpoint", collector.endpoint())
                        .start()) {
            ssm.faults().set("forbidden", "va", "Secret Laboratory");
            relay.sync();
            String traceparent =
                    relay.events(Topic.FAILURES).get(0).path("traceparent").asText();
            String trace = traceparent.substring(3, 35);
            await().atMost(SENT).until(() -> root(collector, trace) != null);
            List<Received> spans = collector.spans().stream()
                    .filter(span -> span.trace().equals(trace))
                    .toList();
            Map<String, Received> byId = spans.stream().collect(Collectors.toMap(Received::id, Function.identity()));
            Received root = Objects.requireNonNull(root(collector, trace));

            // The id in the event is the root of the run, and every other span is below it.
            assertThat(traceparent).isEqualTo("00-" + trace + "-" + root.id() + "-01");
            assertThat(root.name()).isEqualTo("run");
            assertThat(root.attributes())
                    .containsEntry("license_relay.site", "hq")
                    .containsEntry("license_relay.cause", "operator")
                    .containsKey("license_relay.run");
            assertThat(spans).filteredOn(span -> span.parent().isEmpty()).hasSize(1);
            assertThat(spans).filteredOn(span -> !span.parent().isEmpty()).allSatisfy(span -> assertThat(byId)
                    .containsKey(span.parent()));

            Map<String, Set<String>> parents = new HashMap<>();
            spans.forEach(span -> parents.computeIfAbsent(span.name(), name -> new TreeSet<>())
                    .add(
                            span.parent().isEmpty()
                                    ? ""
                                    : Objects.requireNonNull(byId.get(span.parent()))
                                            .name()));
            assertThat(parents.get("sync")).as(tree(spans)).containsExactly("run");
            assertThat(parents.get("pull")).containsExactly("sync");
            assertThat(parents.get("account")).containsExactly("pull");
            assertThat(parents.get("va")).containsExactly("virtual-accounts");
            assertThat(parents.get("POST licenses")).containsExactly("list");
            assertThat(parents.get("failure")).containsExactly("diagnose-run");
            assertThat(parents.get("probe-tcp")).containsExactly("evidence-hq");
            assertThat(parents.get("POST token")).isNotEmpty();
            assertThat(parents.get("database write")).contains("va", "run");

            assertThat(spans)
                    .filteredOn(span -> span.name().equals("POST licenses"))
                    .allSatisfy(span -> {
                        assertThat(span.kind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
                        assertThat(span.attributes())
                                .containsEntry("http.request.method", "POST")
                                .containsEntry("server.address", ssm.url().getHost())
                                .containsEntry(
                                        "server.port",
                                        Integer.toString(ssm.url().getPort()));
                    })
                    .anySatisfy(span -> assertThat(span.attributes())
                            .containsEntry("http.response.status_code", "403")
                            .containsEntry("error.type", "403"));
            assertThat(spans).filteredOn(span -> span.name().equals("list")).anySatisfy(span -> assertThat(
                            span.attributes())
                    .containsEntry("error.type", "io.licenserelay.http.failure.SsmRefused"));
            assertThat(collector.resources()).isNotEmpty().allSatisfy(resource -> assertThat(resource)
                    .containsEntry("service.name", "license-relay")
                    .containsKeys("service.instance.id", "service.version"));
            // Names of accounts and licenses, and secrets, are in no span.
            assertThat(spans).extracting(span -> span.span().toString()).allSatisfy(text -> assertThat(text)
                    .doesNotContain("relay-secret-1", "Laboratory", "ACME", "DNA"));
            assertThat(spans).hasSizeLessThan(120);
        }
    }

    @Test
    void aCollectorThatDoesNotAnswerDelaysNoRunAndAnOutageIsLoggedOnce() throws Exception {
        try (TraceCollector silent = TraceCollector.start().holding();
                SsmSimulator ssm = simulator();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .setting("relay.traces.endpoint", silent.endpoint())
                        .start();
                CapturedLog log = new CapturedLog(SpanSender.class)) {
            relay.sync();
            await().atMost(SENT).until(() -> silent.requests() > 0);
            long begun = System.nanoTime();
            assertThat(relay.sync().outcome()).isEqualTo("complete");
            // The collector holds each request for the whole time limit of an answer, 5 s.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            await().atMost(SENT).until(() -> silent.requests() > 1);
            await().atMost(SENT).until(() -> !log.lines(Level.WARN).isEmpty());
            assertThat(log.lines(Level.WARN))
                    .singleElement()
                    .asString()
                    .startsWith("cannot send traces to " + silent.endpoint());
        }
    }

    @Test
    void anOutageEndsWithOneLineAndLaterRunsAreSent() throws Exception {
        try (TraceCollector collector = TraceCollector.start().answering(503);
                SsmSimulator ssm = simulator();
                TempRelay relay = TempRelay.in(folder)
                        .of(ssm)
                        .setting("relay.traces.endpoint", collector.endpoint())
                        .start();
                CapturedLog log = new CapturedLog(SpanSender.class)) {
            relay.sync();
            await().atMost(SENT).until(() -> !log.lines(Level.WARN).isEmpty());
            int before = collector.requests();
            relay.sync();
            await().atMost(SENT).until(() -> collector.requests() > before);
            collector.answering(200);
            relay.sync();
            await().atMost(SENT).until(() -> !log.lines(Level.INFO).isEmpty());
            assertThat(log.lines(Level.WARN)).singleElement().asString().endsWith("status 503");
            assertThat(log.lines(Level.INFO)).containsExactly("traces are sent again to " + collector.endpoint());
            await().atMost(SENT).until(() -> collector.spans().stream()
                    .anyMatch(span -> span.name().equals("run")));
        }
    }

    private SsmSimulator simulator() throws Exception {
        return SsmSimulator.builder()
                .estate(estate)
                .client("relay", "relay-secret-1", Grant.CLIENT_CREDENTIALS)
                .start();
    }

    private static @Nullable Received root(TraceCollector collector, String trace) {
        return collector.spans().stream()
                .filter(span -> span.trace().equals(trace) && span.parent().isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static String tree(List<Received> spans) {
        StringBuilder text = new StringBuilder("\n");
        spans.stream().filter(span -> span.parent().isEmpty()).forEach(root -> write(root, spans, "", text));
        return text.toString();
    }

    private static void write(Received span, List<Received> spans, String indent, StringBuilder text) {
        long micros = (span.span().getEndTimeUnixNano() - span.span().getStartTimeUnixNano()) / 1000;
        text.append(indent).append(span.name()).append(' ').append(micros).append(" µs\n");
        spans.stream()
                .filter(each -> each.parent().equals(span.id()))
                .sorted(Comparator.comparing(each -> each.span().getStartTimeUnixNano()))
                .forEach(child -> write(child, spans, indent + "  ", text));
    }
}
