package io.licenserelay.incident.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.excerpt.ByteRange;
import io.licenserelay.evidence.excerpt.LineFacts;
import io.licenserelay.evidence.excerpt.LineOwner;
import io.licenserelay.evidence.excerpt.LogCoverage;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LogsJsonTest {
    private static final Instant AT = Instant.parse("2026-01-13T11:59:03Z");
    private static final String SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder().fullEvidence();

    @Test
    void theEventContainsTheCoverageAndTheReadBytesOfALog() {
        JsonNode coverage = event(65_536, 2).at("/data/evidence/logs/0/coverage");

        assertThat(coverage.at("/asked/from").asText()).isEqualTo("2026-01-13T11:54:03Z");
        assertThat(coverage.at("/told/to").asText()).isEqualTo("2026-01-13T11:59:03Z");
        assertThat(coverage.path("why").asText()).isEqualTo("its newest line is of then");
        assertThat(coverage.path("clockAheadMillis").asLong()).isEqualTo(3000);
        assertThat(coverage.at("/slices/0/sha256").asText()).isEqualTo(SHA);
        assertThat(coverage.at("/slices/0/to").asLong()).isEqualTo(5_000_000_000L);
    }

    @Test
    void theTimelineRefersToTheLinesOfAllLogsInOrderOfTime() {
        JsonNode data = event(65_536, 2).path("data");

        JsonNode timeline = data.at("/evidence/timeline");
        assertThat(timeline).extracting(entry -> entry.path("line").asInt()).containsExactly(0, 1);
        assertThat(timeline.get(0).path("whose").asText()).isEqualTo("other-client");
        assertThat(timeline.get(0).path("zoneFrom").asText()).isEqualTo("configured");
        assertThat(timeline.get(0).path("uncertaintyMillis").asInt()).isEqualTo(1000);
        assertThat(data.path("truncated")).isEmpty();
    }

    @Test
    void theTimelineIsRemovedBeforeItsLines() {
        JsonNode data = event(12_000, 40).path("data");

        assertThat(data.path("truncated")).extracting(JsonNode::asText).containsExactly("evidence.timeline");
        assertThat(data.at("/evidence/timeline").isMissingNode()).isTrue();
        assertThat(data.at("/evidence/logs/0/lines")).hasSize(40);
    }

    @Test
    void aRedactedSecretOfSeveralLinesLeavesNoReferenceToAWrongLine() {

        List<String> key =
                List.of("-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "-----END PRIVATE KEY-----");
        JsonNode data = published(excerpt(key)).path("data");

        assertThat(data.toString()).doesNotContain("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC");
        int lines = data.at("/evidence/logs/0/lines").size();
        assertThat(data.at("/evidence/timeline")).allMatch(entry -> lines == key.size());
    }

    private JsonNode event(int maxBytes, int lines) {
        recorder.maxBytes(maxBytes);
        return published(excerpt(Collections.nCopies(lines, "Jan 13 11:59:03 SSM-On-Prem a: x".repeat(3))));
    }

    private JsonNode published(LogExcerpt excerpt) {
        Place place = Place.site("hq").account("ACME");
        recorder.fails(recorder.pull(place, Findings.HTTP_UNAVAILABLE, "it answered 502"), excerpt);
        return recorder.events().get(0);
    }

    private static LogExcerpt excerpt(List<String> lines) {
        LineFacts facts = new LineFacts(
                AT, Duration.ofSeconds(1), "configured", "file-time", "nginx", "error", LineOwner.OTHER_CLIENT, false);
        LogCoverage coverage = new LogCoverage(
                AT.minusSeconds(300),
                AT.plusSeconds(60),
                AT.minusSeconds(300),
                AT,
                "its newest line is of then",
                Duration.ofSeconds(3),
                List.of(new ByteRange(
                        "/var/log/messages", "(dev=1,ino=2)", 5_000_000_000L, 4_999_999_000L, 5_000_000_000L, SHA)));
        return new LogExcerpt(
                "ssm",
                "/var/log/messages",
                lines,
                AT,
                AT,
                false,
                null,
                Collections.nCopies(lines.size(), facts),
                coverage);
    }
}
