package io.licenserelay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import io.licenserelay.fixture.RealKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records on a relay's topics as its consumers see them. */
final class PublishedRecords {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings settings;

    PublishedRecords(Settings settings) {
        this.settings = settings;
    }

    /** The last value per key, without deleted keys: quantity, in use, status. */
    Map<String, String> inventory() {
        Map<String, String> last = new TreeMap<>();
        for (ConsumerRecord<String, byte[]> record : records(Topic.LICENSES)) {
            if (record.value() == null) {
                last.remove(record.key());
            } else {
                last.put(record.key(), license(json(record)));
            }
        }
        return last;
    }

    /** The licenses with two equal events that are not a resend, or with an event {@code added} although they exist. */
    List<String> duplicates() {
        Map<String, JsonNode> last = new HashMap<>();
        List<String> duplicates = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records(Topic.LICENSES)) {
            if (record.value() == null) {
                last.remove(record.key());
                continue;
            }
            JsonNode event = json(record);
            JsonNode before = last.put(record.key(), event);
            boolean other = before != null && !before.path("id").equals(event.path("id"));
            boolean added = event.at("/data/change").asText().equals("added");
            if (other && (added || license(before).equals(license(event)))) {
                duplicates.add(record.key());
            }
        }
        return duplicates;
    }

    private static String license(JsonNode event) {
        JsonNode data = event.path("data");
        return data.path("quantity").asLong() + " " + data.path("inUse").asLong() + " "
                + data.path("status").asText();
    }

    /** The events of every incident of a flow, by record key, in order of arrival, without resends. */
    Map<String, List<JsonNode>> incidents(String flow) {
        Map<String, Map<String, JsonNode>> byKey = new TreeMap<>();
        for (ConsumerRecord<String, byte[]> record : records(Topic.FAILURES)) {
            JsonNode event = json(record);
            if (event.at("/data/flow").asText().equals(flow)) {
                byKey.computeIfAbsent(record.key(), key -> new LinkedHashMap<>())
                        .put(event.path("id").asText(), event);
            }
        }
        Map<String, List<JsonNode>> eventsByKey = new TreeMap<>();
        byKey.forEach((key, events) -> eventsByKey.put(key, List.copyOf(events.values())));
        return eventsByKey;
    }

    /** The states of every report, by digest, in order of arrival, without resends. */
    Map<String, List<String>> states() {
        Map<String, Map<String, String>> byKey = new TreeMap<>();
        for (ConsumerRecord<String, byte[]> record : records(Topic.REPORTS)) {
            JsonNode event = json(record);
            byKey.computeIfAbsent(record.key(), key -> new LinkedHashMap<>())
                    .put(event.path("id").asText(), event.at("/data/state").asText());
        }
        Map<String, List<String>> states = new TreeMap<>();
        byKey.forEach((key, each) -> states.put(key, List.copyOf(each.values())));
        return states;
    }

    /**
     * Asserts that records with one id are equal, and that only the newest record of a key is resent.
     *
     * @return the number of resent records
     */
    int resends(Topic topic) {
        Map<String, String> values = new HashMap<>();
        Map<String, String> lastOfKey = new HashMap<>();
        int resends = 0;
        for (ConsumerRecord<String, byte[]> record : records(topic)) {
            if (record.value() == null) {
                lastOfKey.put(record.key(), "");
                continue;
            }
            String id = json(record).path("id").asText();
            String value = new String(record.value(), StandardCharsets.UTF_8);
            String before = values.put(id, value);
            if (before != null) {
                resends++;
                assertThat(value).as("a resend on %s", topic).isEqualTo(before);
                assertThat(lastOfKey).as("a resend of an older event").containsEntry(record.key(), id);
            }
            lastOfKey.put(record.key(), id);
        }
        return resends;
    }

    private List<ConsumerRecord<String, byte[]>> records(Topic topic) {
        return RealKafka.records(settings.topic(topic));
    }

    private static JsonNode json(ConsumerRecord<String, byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
