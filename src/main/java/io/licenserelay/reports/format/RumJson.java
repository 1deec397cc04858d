package io.licenserelay.reports.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.licenserelay.event.Digests;
import io.licenserelay.reports.RumReport;
import io.licenserelay.reports.Udi;
import io.licenserelay.text.BoundedJson;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of one report: {@code payload}, {@code signature} and an optional {@code header}. The payload is JSON
 * too, and contains the device, the entitlement and the times. Version 2 has {@code report_id} under
 * {@code asset_identification}, version 1 under {@code meta}.
 */
final class RumJson {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectReader DOCUMENT = JSON.reader();

    /** Allows the next element after the current one. */
    private static final ObjectReader ELEMENT = JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * The maximum number of tokens in one report and in its payload. A tree of this size takes about 25 MB. Reports of
     * 90 days have a tenth of it.
     */
    private static final int MAX_TOKENS = 500_000;

    /** The end of the year 9999. */
    private static final long MAX_EPOCH_SECONDS = 253_402_300_799L;

    private static final int MAX_COUNT_LENGTH = 40;

    private RumJson() {}

    static RumReport read(String json) throws MalformedReport {
        return read(object("the report", json));
    }

    static RumReport read(JsonNode report) throws MalformedReport {
        JsonNode payload = report.path("payload");
        JsonNode signature = report.path("signature");
        if (!payload.isTextual() || payload.textValue().isBlank()) {
            throw new MalformedReport("the report has no \"payload\" text");
        }
        if (!signature.isObject()) {
            throw new MalformedReport("the report has no \"signature\" object");
        }
        String text = payload.textValue();
        checkSendable(text);
        JsonNode content = object("the payload", text);
        List<Instant> times = new ArrayList<>();
        content.path("measurements").forEach(each -> addTimes(each, times));
        JsonNode header = report.path("header");
        return new RumReport(
                Digests.sha256(text.getBytes(StandardCharsets.UTF_8)),
                udi(content, signature),
                first(content, "/asset_identification/report_id", "/meta/report_id"),
                first(content, "/meta/entitlement_tag"),
                times.stream().min(Comparator.naturalOrder()).orElse(null),
                times.stream().max(Comparator.naturalOrder()).orElse(null),
                count(content.path("measurements")),
                ClockJumps.in(content.path("measurements")),
                text,
                header.isMissingNode() || header.isNull() ? null : header.toString(),
                signature.toString());
    }

    /** Rejects characters that cannot be sent unchanged: any change would break the signature. */
    private static void checkSendable(String text) throws MalformedReport {
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new MalformedReport("the payload contains a character that cannot be sent unchanged");
        }
    }

    private static JsonNode object(String subject, String json) throws MalformedReport {
        JsonNode node = parse(subject, json);
        if (!node.isObject()) {
            throw new MalformedReport(subject + " is not a JSON object");
        }
        return node;
    }

    private static JsonNode parse(String subject, String json) throws MalformedReport {
        try (BoundedJson parser = parser(new StringReader(json))) {
            JsonNode node = DOCUMENT.readTree(parser);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            throw invalidJson(subject, e);
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
    }

    static MalformedReport invalidJson(String subject, JsonProcessingException e) {
        if (e instanceof StreamConstraintsException && e.getOriginalMessage().startsWith("holds ")) {
            return new MalformedReport(subject + " " + e.getOriginalMessage(), e);
        }
        return new MalformedReport(
                subject + " is not valid JSON: " + e.getOriginalMessage().replaceAll("\\s+", " "), e);
    }

    /** A parser that reads one element at a time; see {@link #next}. */
    static BoundedJson parser(Reader text) throws IOException {
        return new BoundedJson(JSON.createParser(text), MAX_TOKENS);
    }

    /** Reads the element at the parser's position. */
    static JsonNode next(BoundedJson parser) throws IOException {
        parser.restart();
        JsonNode element = ELEMENT.readTree(parser);
        parser.restart();
        return element;
    }

    private static Udi udi(JsonNode content, JsonNode signature) throws MalformedReport {
        for (JsonNode identifier : List.of(content.at("/asset_identification/instance/sudi"), signature.path("sudi"))) {
            String pid = first(identifier, "/udi_pid");
            String serial = first(identifier, "/udi_serial_number");
            if (pid != null && serial != null) {
                return new Udi(pid, serial);
            }
        }
        throw new MalformedReport("the report names no device: udi_pid and udi_serial_number are missing");
    }

    private static @Nullable String first(JsonNode node, String... pointers) {
        for (String pointer : pointers) {
            String text = node.at(pointer).asText();
            if (!text.isBlank()) {
                return text;
            }
        }
        return null;
    }

    /** A count is text in published samples; a JSON number is accepted too. */
    private static @Nullable String count(JsonNode measurements) {
        String last = null;
        for (JsonNode each : measurements) {
            String count = first(each, "/value/value");
            last = count == null || count.length() > MAX_COUNT_LENGTH ? last : count;
        }
        return last;
    }

    /** Times in a report are epoch seconds. The API that transports reports uses milliseconds. */
    private static void addTimes(JsonNode measurement, List<Instant> times) {
        for (String name : List.of("start_time", "end_time")) {
            JsonNode time = measurement.path(name);
            if (time.canConvertToLong() && time.longValue() >= 0 && time.longValue() <= MAX_EPOCH_SECONDS) {
                times.add(Instant.ofEpochSecond(time.longValue()));
            }
        }
    }
}
