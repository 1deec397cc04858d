package io.licenserelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.types.Time;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event in its form on the topic: a CloudEvent 1.0 in structured JSON, with the same attributes as headers. It is
 * serialized once, so a resend has the same bytes.
 *
 * @param key the record's key
 * @param headers non-null text, names unique
 */
public record Event(String id, String key, Map<String, String> headers, String value) {
    private static final JsonFormat FORMAT = new JsonFormat();

    /**
     * @param source the relay and the place: see {@link RelayIdentity#source}
     * @param subject the subject of the event, which is also the record key
     * @param extensions CloudEvents extension attributes, lower-case names, no null
     */
    public static Event of(
            String id,
            String type,
            String source,
            String subject,
            Instant time,
            Map<String, String> extensions,
            JsonNode data) {
        CloudEventBuilder builder = CloudEventBuilder.v1()
                .withId(id)
                .withType(type)
                .withSource(URI.create(source))
                .withSubject(subject)
                .withTime(time.atOffset(ZoneOffset.UTC))
                .withData("application/json", JsonCloudEventData.wrap(data))
                .withExtension("partitionkey", subject);
        extensions.forEach(builder::withExtension);
        CloudEvent event = builder.build();
        return new Event(id, subject, headers(event), new String(FORMAT.serialize(event), StandardCharsets.UTF_8));
    }

    private static Map<String, String> headers(CloudEvent event) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", JsonFormat.CONTENT_TYPE);
        headers.put("message_uuid", event.getId());
        event.getAttributeNames().forEach(name -> headers.put("ce_" + name, text(event.getAttribute(name))));
        event.getExtensionNames().forEach(name -> headers.put("ce_" + name, text(event.getExtension(name))));
        Object traceparent = event.getExtension("traceparent");
        if (traceparent != null) {
            headers.put("traceparent", String.valueOf(traceparent));
        }
        return headers;
    }

    /** Java omits seconds that are zero, but RFC 3339 requires them. */
    private static String text(@Nullable Object value) {
        return value instanceof OffsetDateTime time ? Time.writeTime(time) : String.valueOf(value);
    }
}
