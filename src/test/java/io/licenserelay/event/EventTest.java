package io.licenserelay.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.licenserelay.config.site.Place;
import io.licenserelay.event.kafka.KafkaRecords;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EventTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Instant AT = Instant.parse("2026-01-13T11:59:02.775Z");
    private static final Place PLACE = Place.site("hq").account("ACME").va("Büro / West 1");
    private static final String SOURCE = new RelayIdentity("license-relay", null, "test", "test").source(PLACE);

    @Test
    void theCloudEventsSdkReadsTheEventInStructuredMode() {
        Event event = event(data());
        Headers headers = headers(event);
        byte[] value = event.value().getBytes(StandardCharsets.UTF_8);
        assertThat(KafkaMessageFactory.createReader(headers, value).getEncoding())
                .isEqualTo(Encoding.STRUCTURED);

        CloudEvent read = new CloudEventDeserializer().deserialize("any", headers, value);
        assertThat(read.getSpecVersion().toString()).isEqualTo("1.0");
        assertThat(read.getId()).isEqualTo(event.id());
        assertThat(read.getType()).isEqualTo("io.licenserelay.failure.v1");
        assertThat(read.getSource()).isEqualTo(URI.create("/license-relay/hq/ACME/B%C3%BCro%20%2F%20West%201"));
        assertThat(read.getSubject()).isEqualTo(event.key());
        assertThat(read.getTime()).isEqualTo(AT.atOffset(ZoneOffset.UTC));
        assertThat(read.getDataContentType()).isEqualTo("application/json");
        assertThat(read.getExtension("correlationid")).isEqualTo("4711");
        assertThat(read.getExtension("partitionkey")).isEqualTo(event.key());
        assertThat(Objects.requireNonNull(read.getData()))
                .isInstanceOfSatisfying(JsonCloudEventData.class, json -> assertThat(json.getNode())
                        .isEqualTo(data()));
    }

    @Test
    void theJsonIsCompleteForConsumersWithoutCloudEvents() throws Exception {
        JsonNode json = new ObjectMapper().readTree(event(data()).value());
        assertThat(json.path("specversion").asText()).isEqualTo("1.0");
        assertThat(json.at("/data/summary").asText()).isEqualTo("日本語 😀 \"quoted\"\n");
        assertThat(json.has("data_base64")).isFalse();
        CloudEvent read = Objects.requireNonNull(
                        EventFormatProvider.getInstance().resolveFormat(JsonFormat.CONTENT_TYPE))
                .deserialize(event(data()).value().getBytes(StandardCharsets.UTF_8));
        assertThat(read.getId()).isEqualTo(json.path("id").asText());
    }

    @Test
    void theHeadersRepeatEveryAttributeAsText() {
        Event event = event(data());
        assertThat(event.headers())
                .contains(
                        entry("content-type", "application/cloudevents+json"),
                        entry("message_uuid", event.id()),
                        entry("traceparent", TRACE),
                        entry("ce_id", event.id()),
                        entry("ce_specversion", "1.0"),
                        entry("ce_type", "io.licenserelay.failure.v1"),
                        entry("ce_source", "/license-relay/hq/ACME/B%C3%BCro%20%2F%20West%201"),
                        entry("ce_subject", event.key()),
                        entry("ce_time", "2026-01-13T11:59:02.775Z"),
                        entry("ce_datacontenttype", "application/json"),
                        entry("ce_correlationid", "4711"),
                        entry("ce_traceparent", TRACE));
        assertThat(event.headers().values()).doesNotContainNull().doesNotContain("null");
    }

    @Test
    void aFullMinuteIsWrittenWithItsSeconds() {
        Instant noon = Instant.parse("2026-01-13T12:00:00Z");
        Event event = Event.of("id", "type", SOURCE, "key", noon, Map.of(), data());
        assertThat(event.headers()).containsEntry("ce_time", "2026-01-13T12:00:00Z");
        assertThat(event.value()).contains("\"time\":\"2026-01-13T12:00:00Z\"");
    }

    @Test
    void equalEventsHaveEqualBytes() {
        Event one = event(data());
        assertThat(event(data())).isEqualTo(one);
        assertThat(event(data().put("more", 1)).value()).isNotEqualTo(one.value());
    }

    @Test
    void idsAreNameBasedUuidsOfTheirParts() {
        String id = EventIds.of("sync", 4711L, "hq/ACME");
        assertThat(UUID.fromString(id).version()).isEqualTo(5);
        assertThat(UUID.fromString(id).variant()).isEqualTo(2);
        assertThat(EventIds.of("sync", 4711L, "hq/ACME")).isEqualTo(id);
        assertThat(EventIds.of("sync", 4712L, "hq/ACME")).isNotEqualTo(id);
        assertThat(EventIds.of("sync", "hq/ACME", 4711L)).isNotEqualTo(id);
        assertThat(EventIds.of("sync", 4711L, "hq", "ACME")).isNotEqualTo(EventIds.of("sync", 4711L, "hqACME"));
    }

    @Test
    void anIdIsTheSameInEveryRelease() {
        // Computed by hand by RFC 9562, SHA-1 of namespace and name, to detect a changed namespace or separator.
        assertThat(EventIds.of("incident", "a", 0L)).isEqualTo("ee2b9d61-c834-58ac-94da-940bdd6b2cb6");
    }

    @Test
    void recordsCarryKeyTopicAndHeadersAsUtf8Bytes() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(camel);
            OutboxRecord text = new OutboxRecord(1, "topic", "kéy", Map.of("ce_subject", "kéy 😀"), "{}", null);
            OutboxRecord tombstone = new OutboxRecord(2, "topic", "key", Map.of(), null, "somewhere");
            List<Message> messages = new KafkaRecords().messages(List.of(text, tombstone), exchange);
            assertThat(messages.get(0).getHeader(KafkaConstants.OVERRIDE_TOPIC)).isEqualTo("topic");
            assertThat(messages.get(0).getHeader(KafkaConstants.KEY)).isEqualTo("kéy");
            assertThat(messages.get(0).getHeader("ce_subject")).isEqualTo("kéy 😀".getBytes(StandardCharsets.UTF_8));
            assertThat(messages.get(1).getBody()).isNull();
        }
    }

    private static Event event(JsonNode data) {
        return Event.of(
                EventIds.of("incident", "one", 0L),
                "io.licenserelay.failure.v1",
                SOURCE,
                "license-relay/" + PLACE.path() + "/pull",
                AT,
                Map.of("correlationid", "4711", "traceparent", TRACE),
                data);
    }

    private static ObjectNode data() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("summary", "日本語 😀 \"quoted\"\n")
                .put("big", Long.MAX_VALUE);
    }

    private static Headers headers(Event event) {
        Headers headers = new RecordHeaders();
        event.headers().forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }
}
