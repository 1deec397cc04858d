package io.licenserelay.incident.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Place;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.event.hook.Enrichment;
import io.licenserelay.evidence.ConcernedItems;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.fixture.Contract;
import io.licenserelay.incident.IncidentsTest;
import io.licenserelay.text.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSizeLimitTest {
    private static final Place ACME = Place.site("hq").account("ACME");
    private static final List<String> SCRIPTS =
            List.of("plain text ", "äöüß ", "日本語 ", "עברית ", "😀👩‍👩‍👧 ", "\"\\\t");

    @RegisterExtension
    final IncidentRecorder recorder = new IncidentRecorder().fullEvidence();

    @Test
    void dataWithinTheLimitStayUnchanged() {

        recorder.fails(failure(ACME, 1, "short"), log(20, 50));
        JsonNode data = recorder.events().get(0).path("data");
        assertThat(data.path("truncated")).isEmpty();
        assertThat(data.at("/evidence/logs/0/lines")).hasSize(20);
        assertThat(data.at("/evidence/exchange/body").asText()).isEqualTo("short");
    }

    @ParameterizedTest
    @ValueSource(ints = {8192, 10_000, 20_000, 65_536, 200_000})
    void logsInManyScriptsNeverExceedTheLimit(int maxBytes) {
        recorder.maxBytes(maxBytes);
        Place place = Place.site("hq").account("会社 ".repeat(20)).va("büro 😀 ".repeat(20));
        recorder.fails(
                failure(place, 300, text(new Random(7), HttpExchangeRecord.BODY_CHARS)), log(300, 500), log(50, 100));
        OutboxRecord record = recorder.published().get(0);
        assertFits(record, maxBytes);
        JsonNode data = IncidentRecorder.json(record).path("data");
        assertThat(data.path("truncated")).extracting(JsonNode::asText).first().isEqualTo("evidence.logs.lines");
        assertThat(data.path("summary").asText()).contains("(LIC");
        assertThat(data.at("/diagnosis/remedy")).isNotEmpty();
    }

    @Test
    void megabytesOfLogsAreRemoved() {

        recorder.fails(failure(ACME, 1, "short"), log(12, 50_000));
        OutboxRecord record = recorder.published().get(0);
        assertFits(record, 65_536);
        assertThat(IncidentRecorder.json(record).at("/data/truncated"))
                .extracting(JsonNode::asText)
                .contains("evidence.logs");
    }

    @Test
    void dataOfAHookAreRemovedAfterTheEvidence() {
        ObjectNode data = data();
        new EventSizeLimit(16_384).fit(data, incident());
        assertThat(data.path("truncated")).extracting(JsonNode::asText).containsExactly("evidence");
        assertThat(data.at("/extra/owner").asText()).hasSize(8_000);

        new EventSizeLimit(8192).fit(data, incident());
        assertThat(data.path("truncated")).extracting(JsonNode::asText).containsExactly("evidence", "extra");
        assertThat(data.has("extra")).isFalse();
    }

    private static ObjectNode data() {
        ObjectNode data = Json.object();
        data.putObject("evidence").put("exchange", "x".repeat(20_000));
        new Enrichment(Json.object().put("owner", "x".repeat(8_000)), null).into(data);
        data.putArray("truncated");
        return data;
    }

    private static Incident incident() {
        return new Incident(
                "id",
                ACME,
                Flow.PULL,
                "LIC4001",
                Severity.ERROR,
                "summary",
                Sightings.NONE,
                0,
                "trigger",
                Instant.EPOCH,
                false,
                null);
    }

    @Test
    void theNewestLinesAreRemovedLast() {
        recorder.maxBytes(20_000);
        List<String> lines =
                IntStream.range(0, 2_000).mapToObj(i -> "line number " + i).toList();
        recorder.fails(failure(ACME, 1, "short"), IncidentsTest.log("ssm", lines));
        JsonNode data = recorder.events().get(0).path("data");
        assertThat(data.path("truncated")).extracting(JsonNode::asText).containsExactly("evidence.logs.lines");
        assertThat(data.at("/evidence/logs/0/lines"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(lines.subList(1_985, 2_000));
    }

    @Test
    void onlyShortenedFieldsAreListedAsTruncated() {
        recorder.maxBytes(8192);
        recorder.fails(failure(ACME, 1, "short"), log(3, 10_000));
        JsonNode data = recorder.events().get(0).path("data");
        assertThat(data.path("truncated"))
                .extracting(JsonNode::asText)
                .containsExactly("evidence.exchange.body", "evidence.logs");
        assertThat(data.path("virtualAccounts")).hasSize(1);
    }

    @Test
    void theDatabaseHasTheFullEvidenceEvenIfTheEventIsTruncated() {
        recorder.maxBytes(8192);
        recorder.fails(failure(ACME, 1, "short"), log(100, 200));
        String stored = recorder.database().read(tx -> tx.createQuery("SELECT body FROM evidence")
                .mapTo(String.class)
                .one());
        assertThat(stored.length()).isGreaterThan(100 * 200);
    }

    @Test
    void resolvesAndUpdatesAlsoFit() {
        recorder.maxBytes(8192);
        Place place = ACME.va("büro 😀 ".repeat(30));
        for (int run = 0; run < 3; run++) {
            recorder.later(Duration.ofDays(2)).fails(failure(place, 300, "x".repeat(2000)), log(100, 200));
        }
        recorder.recovers(place, Flow.PULL);
        List<OutboxRecord> records = recorder.published();
        assertThat(records).hasSize(4).allSatisfy(record -> assertFits(record, 8192));
    }

    @Test
    void theFirstOfManyLicensesAreListedAndAllAreCounted() {
        recorder.maxBytes(8192);
        List<ConcernedItems.License> licenses = IntStream.range(0, ConcernedItems.MOST)
                .mapToObj(i -> new ConcernedItems.License(
                        "license 日本 " + "x".repeat(400) + i, "Default", "PREPAID", 5, 7, null))
                .toList();
        recorder.fails(failure(ACME, 1, "short"), ConcernedItems.licenses(licenses, 1200));
        OutboxRecord record = recorder.published().get(0);
        assertFits(record, 8192);
        JsonNode data = IncidentRecorder.json(record).path("data");
        assertThat(data.path("licensesTotal").asInt()).isEqualTo(1200);
        assertThat(data.path("licenses").size()).isBetween(1, 5);
        assertThat(data.path("truncated")).extracting(JsonNode::asText).contains("licenses");
    }

    private Failure failure(Place place, int folded, String body) {
        List<Place> places = IntStream.range(0, folded)
                .mapToObj(i -> ACME.va("virtual account 日本 " + i))
                .toList();
        return recorder.failure(place, places, Findings.HTTP_UNAVAILABLE, "502 😀 ".repeat(80), body);
    }

    private static LogExcerpt log(int lines, int length) {
        Random random = new Random(lines);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            all.add(text(random, length));
        }
        return IncidentsTest.log("ssm" + lines, all);
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(SCRIPTS.get(random.nextInt(SCRIPTS.size())));
        }
        return text.toString();
    }

    /** The record is within the limit, is valid, has only whole characters, and has all required fields. */
    private static void assertFits(OutboxRecord record, int maxBytes) {
        String value = Objects.requireNonNull(record.value());
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        assertThat(bytes.length).isLessThanOrEqualTo(maxBytes);
        assertThat(Contract.violations(record.key(), bytes, record.headers())).isEmpty();
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(value).doesNotContain("\uFFFD");
        assertThat(IncidentRecorder.json(record).path("specversion").asText()).isEqualTo("1.0");
    }
}
