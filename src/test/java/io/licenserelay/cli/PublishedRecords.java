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

/** What consumers of a relay's topics have been told. */
final class Told {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings settings;

    Told(Settings settings) {
        this.settings = settings;
    }

    /** The last value a key, as compaction leaves it, without what a tombstone took away: quantity, in use, status. */
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

    /** Licenses of which two events, other than a resend, tell the same, or that were added while they were there. */
    List<String> twiceAsNew() {
        Map<String, JsonNode> last = new HashMap<>();
        List<String> twice = new ArrayList<>();
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
                twice.add(record.key());
            }
        }
        return twice;
    }

    private static String license(JsonNode event) {
        JsonNode data = event.path("data");
        return data.path("quantity").asLong() + " " + data.path("inUse").asLong() + " "
                + data.path("status").asText();
    }

    /** The events of every incident of a flow, resends left out, by record key in the order they came. */
    Map<String, List<JsonNode>> incidents(String flow) {
        Map<String, Map<String, JsonNode>> byKey = new TreeMap<>();
        for (ConsumerRecord<String, byte[]> record : records(Topic.FAILURES)) {
            JsonNode event = json(record);
            if (event.at("/data/flow").asText().equals(flow)) {
                byKey.computeIfAbsent(record.key(), key -> new LinkedHashMap<>())
                        .put(event.path("id").asText(), event);
            }
        }
        Map<String, List<JsonNode>> lines = new TreeMap<>();
        byKey.forEach((key, events) -> lines.put(key, List.copyOf(events.values())));
        return lines;
    }

    /** The states of every report, resends left out, in the order they came, by its digest. */
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
     * One id stands for one value, byte for byte, and what is sent again is the last of its key: never an older one.
     *
     * @return how many records were sent again
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
