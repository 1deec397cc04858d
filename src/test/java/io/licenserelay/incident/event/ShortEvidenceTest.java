package io.licenserelay.incident.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.CanonicalFailures;
import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.excerpt.ByteRange;
import io.licenserelay.evidence.excerpt.LineFacts;
import io.licenserelay.evidence.excerpt.LineOwner;
import io.licenserelay.evidence.excerpt.LogCoverage;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.fixture.Contract;
import io.licenserelay.incident.IncidentsTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The short evidence in an event is sufficient to act, and contains nothing that the full evidence lacks. */
class ShortEvidenceTest {
    private static final Place ACME = Place.site("hq").account("ACME");
    private static final Instant FAILED = Instant.parse("2026-01-13T12:00:00Z");
    /** Only every fourth cause, because full evidence is slow to write and differs less between causes. */
    private static final int FULL_EVIDENCE_STEP = 4;

    private static final int LINES = 40;
    private static final int MEDIAN = 8 * 1024;
    private static final int LARGEST = 64 * 1024;

    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder();

    @Test
    void theMedianOverAllCausesIsAtMostEightKibibytesAndTheLargestAtMostSixtyFour() {
        List<Integer> sizes = sizesOfEveryCause(1);
        assertThat(sizes.get(sizes.size() / 2)).as("median of %s", sizes).isLessThanOrEqualTo(MEDIAN);
        assertThat(sizes.get(sizes.size() - 1)).as("largest of %s", sizes).isLessThanOrEqualTo(LARGEST);
    }

    @Test
    void eventsContainTheFullEvidenceIfConfigured() {
        recorder.fullEvidence();
        List<Integer> sizes = sizesOfEveryCause(FULL_EVIDENCE_STEP);
        assertThat(sizes.get(sizes.size() / 2)).as("median of %s", sizes).isGreaterThan(2 * MEDIAN);
        assertThat(sizes.get(sizes.size() - 1)).as("largest of %s", sizes).isLessThanOrEqualTo(LARGEST);
        recorder.later(Duration.ofDays(30)).fails(evidence("LIC4001", List.of(Findings.HTTP_UNAVAILABLE)));
        JsonNode evidence = recorder.events().get(0).at("/data/evidence");
        assertThat(evidence.path("form").asText()).isEqualTo("full");
        assertThat(evidence.at("/probes/0/details").isMissingNode()).isFalse();
        assertThat(evidence.at("/logs/0/lines")).hasSize(LINES);
    }

    @Test
    void fiveLinesOfEachLogAreKeptAndCitedLinesAndLinesOfTheFailedRequestArePreferred() {
        JsonNode evidence = shortEvidence(log("ssm"), log("manager"));
        for (JsonNode log : evidence.path("logs")) {
            assertThat(texts(log.path("lines"))).containsExactly("line 3", "line 7", "line 11", "line 20", "line 38");
            assertThat(log.path("collected").asInt()).isEqualTo(LINES);
            assertThat(log.path("truncated").asBoolean()).isTrue();
            assertThat(log.at("/coverage/why").asText()).isEqualTo("its newest line is of then");
        }
    }

    /** Otherwise, an event could contain a finding of an operator's pattern without its line. */
    @Test
    void aCitedLineIsKeptWithItsTimelineEntryDespiteManyLinesOfTheFailedRequest() {
        List<LineFacts> facts = IntStream.range(0, LINES)
                .mapToObj(line -> line == 3
                        ? facts(line, null, LineOwner.UNKNOWN, true)
                        : facts(line, null, LineOwner.FAILED_REQUEST, line > 36))
                .toList();
        LogExcerpt log = log("ssm");
        JsonNode evidence = shortEvidence(new LogExcerpt(
                log.source(), log.path(), log.lines(), FAILED, FAILED, false, null, facts, log.coverage()));

        assertThat(texts(evidence.at("/logs/0/lines")))
                .containsExactly("line 3", "line 36", "line 37", "line 38", "line 39");
        assertThat(evidence.path("timeline"))
                .anyMatch(entry -> entry.path("telling").asBoolean()
                        && lineOf(evidence, entry).equals("line 3"));
    }

    @Test
    void theTimelineHasOnlyKeptLinesWithAKnownOwner() {
        JsonNode evidence = shortEvidence(log("ssm"), log("manager"));
        assertThat(evidence.path("timeline"))
                .hasSize(6)
                .noneMatch(entry -> entry.path("whose").asText().equals("unknown"))
                .allMatch(entry -> lineOf(evidence, entry).matches("line (3|7|20)"))
                .extracting(entry -> entry.path("at").asText())
                .isSorted();
    }

    @Test
    void theShortFormContainsNothingThatTheFullFormLacks() {
        JsonNode evidence = shortEvidence(log("ssm"));
        String full = recorder.database().read(tx -> tx.createQuery("SELECT body FROM evidence")
                .mapTo(String.class)
                .one());
        for (JsonNode line : evidence.at("/logs/0/lines")) {
            assertThat(full).contains(line.toString());
        }
        for (JsonNode finding : evidence.path("findings")) {
            assertThat(full).contains(finding.toString());
        }
    }

    @Test
    void theNewestLinesOfALogWithoutTimestampsAreKept() {
        List<String> lines = List.of("one", "two", "three", "four", "five", "six", "seven");
        JsonNode evidence = shortEvidence(IncidentsTest.log("plain", lines));
        assertThat(texts(evidence.at("/logs/0/lines"))).containsExactlyElementsOf(lines.subList(2, 7));
        assertThat(evidence.has("timeline")).isFalse();
    }

    @Test
    void aPasswordThatIsPartOfATimestampDoesNotPreventTheEvent() {
        recorder.secret("2026");
        JsonNode evidence = shortEvidence(log("ssm"));
        assertThat(evidence.at("/logs/0/lines")).hasSize(5);
        assertThat(evidence.toString()).doesNotContain("2026-01-13");
    }

    @Test
    void aLongLineAndALongBodyAreShortenedAndMarked() {
        Failure failure = recorder.failure(ACME, List.of(), Findings.ANSWER_HTML, "a page", "<p>" + "x".repeat(2000));
        recorder.fails(
                failure, IncidentsTest.log("ssm", List.of("y".repeat(5000).replace("yy", "y "))));
        JsonNode evidence = recorder.events().get(0).at("/data/evidence");
        assertThat(evidence.at("/exchange/body").asText()).hasSize(512).endsWith("…");
        assertThat(evidence.at("/logs/0/lines/0").asText()).hasSize(300).endsWith("…");
    }

    /**
     * The sizes in bytes of the triggers of the catalogue's causes, smallest first.
     *
     * @param nth 1 for every cause, 4 for every fourth cause in the order of codes
     */
    private List<Integer> sizesOfEveryCause(int nth) {
        List<Integer> sizes = new ArrayList<>();
        Map<String, List<String>> failures = CanonicalFailures.byCode();
        List<String> codes = failures.keySet().stream().sorted().toList();
        for (int i = 0; i < codes.size(); i += nth) {
            String code = codes.get(i);
            List<String> findings = Objects.requireNonNull(failures.get(code), code);
            recorder.fails(evidence(code, findings));
            for (OutboxRecord record : recorder.published()) {
                byte[] value = Objects.requireNonNull(record.value()).getBytes(StandardCharsets.UTF_8);
                assertThat(Contract.violations(record.key(), value, record.headers()))
                        .as(code)
                        .isEmpty();
                assertThat(IncidentRecorder.json(record)
                                .at("/data/diagnosis/code")
                                .asText())
                        .isEqualTo(code);
                sizes.add(value.length);
            }
        }
        sizes.sort(null);
        return sizes;
    }

    private JsonNode shortEvidence(LogExcerpt... logs) {
        recorder.fails(recorder.pull(ACME, Findings.HTTP_UNAVAILABLE, "it answered 502"), logs);
        return recorder.events().get(0).at("/data/evidence");
    }

    /** A realistic failure with nine probes, two logs with the maximum number of lines, and these findings. */
    private Evidence evidence(String code, List<String> findings) {
        Flow flow = Rules.packed().entry(code).orElseThrow().flows().stream()
                .min(Flow::compareTo)
                .orElse(Flow.PULL);
        HttpExchangeRecord exchange = new HttpExchangeRecord(
                "POST",
                "https://ssm.example.net:8443/api/v1/accounts/ACME/licenses",
                502,
                Map.of("content-type", "text/html", "server", "nginx", "date", "Tue, 13 Jan 2026 12:00:00 GMT"),
                "<html><head><title>502 Bad Gateway</title></head>".repeat(20),
                FAILED,
                Duration.ofMillis(21));
        List<Finding> found = findings.stream()
                .map(name -> new Finding(name, Findings.all().getOrDefault(name, name)))
                .toList();
        Failure failure = new Failure(
                ACME.va(code), List.of(), flow, Step.LICENSES, "http.502", "it answered 502", found, exchange, FAILED);
        Map<String, Object> certificate = Map.of(
                "subject", "CN=ssm.example.net,OU=Licensing,O=Example",
                "issuer", "CN=Example Issuing CA 3,O=Example",
                "notBefore", "2025-11-25T22:13:33Z",
                "notAfter", "2026-11-25T22:13:33Z",
                "sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "names", List.of("ssm.example.net", "ssm-standby.example.net"));
        List<ProbeResult> probes =
                List.of("dns", "tcp", "tls", "http", "oauth", "ntp", "ping", "ssm-state", "manager").stream()
                        .map(name -> new ProbeResult(
                                name,
                                "ssm.example.net:8443",
                                ProbeResult.Status.OK,
                                "ok",
                                Map.of("connect", 1.7, "wait", 7.5),
                                Map.of("chain", List.of(certificate, certificate)),
                                List.of()))
                        .toList();
        return Evidence.of(failure, probes, List.of(realistic("ssm"), realistic("manager")), List.of());
    }

    private static LogExcerpt realistic(String source) {
        String line =
                "Jan 13 12:00:00 SSM-On-Prem 504f06c0d581: 2026/01/13 12:00:00 [error] 47#47: *1578 connect() failed"
                        + " (111: Connection refused) while connecting to upstream, client: 10.110.35.124, server: localhost,"
                        + " request: \"POST /api/v1/accounts/ACME/licenses HTTP/1.1\"";
        return excerpt(source, Collections.nCopies(LINES, line));
    }

    /** Lines 7 and 20 belong to the failed request. Findings cite lines 3 and 7. Lines 11 and 38 are errors of unknown owners. */
    private static LogExcerpt log(String source) {
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < LINES; line++) {
            lines.add("line " + line);
        }
        return excerpt(source, lines);
    }

    private static LogExcerpt excerpt(String source, List<String> lines) {
        List<LineFacts> facts = new ArrayList<>();
        for (int line = 0; line < lines.size(); line++) {
            facts.add(facts(line));
        }
        LogCoverage coverage = new LogCoverage(
                FAILED.minusSeconds(300),
                FAILED.plusSeconds(60),
                FAILED.minusSeconds(60),
                FAILED,
                "its newest line is of then",
                Duration.ofSeconds(3),
                List.of(new ByteRange("/var/log/messages", "(dev=1,ino=2)", 5_000, 0, 5_000, "ab".repeat(32))));
        return new LogExcerpt(source, "/var/log/" + source, lines, FAILED, FAILED, false, null, facts, coverage);
    }

    private static LineFacts facts(int line) {
        return switch (line) {
            case 3 -> facts(line, null, LineOwner.OTHER_CLIENT, true);
            case 7 -> facts(line, "info", LineOwner.FAILED_REQUEST, true);
            case 20 -> facts(line, null, LineOwner.FAILED_REQUEST, false);
            case 11, 38 -> facts(line, "error", LineOwner.UNKNOWN, false);
            case 30, 31 -> facts(line, null, LineOwner.SAME_CLIENT, false);
            case 39 -> facts(line, null, LineOwner.OTHER_CLIENT, false);
            default -> facts(line, "info", LineOwner.UNKNOWN, false);
        };
    }

    private static LineFacts facts(int line, @Nullable String level, LineOwner owner, boolean cited) {
        Instant at = FAILED.minusSeconds(LINES - line);
        return new LineFacts(at, Duration.ofSeconds(1), "line", "line", "nginx", level, owner, cited);
    }

    private static String lineOf(JsonNode evidence, JsonNode entry) {
        for (JsonNode log : evidence.path("logs")) {
            if (log.path("source").asText().equals(entry.path("source").asText())) {
                return log.path("lines").path(entry.path("line").asInt()).asText();
            }
        }
        throw new AssertionError("no log " + entry);
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
