package io.licenserelay.reports.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.reports.RumReport;
import io.licenserelay.text.BoundedJson;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the JSON that a device's {@code /smartlic-service/all-reports} answers: {@code {"usage":[{payload, header,
 * signature}]}}. One report by itself and a bare list of them are read as well. One report is held as a tree at a time; those before
 * damage are good.
 */
final class RumExport {
    private static final int MOST_REPORTS = 10_000;
    private static final Set<String> OF_A_REPORT = Set.of("payload", "header", "signature");
    private static final String NO_LIST = "it is JSON without a \"usage\" list of reports";

    private final List<RumReport> reports = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private int number;

    private RumExport() {}

    static ParsedFile read(String text) throws MalformedReport {
        RumExport reading = new RumExport();
        try (BoundedJson json = RumJson.parser(new StringReader(text))) {
            reading.document(json);
        } catch (JsonProcessingException e) {
            reading.stop(RumJson.noJson("it", e));
        } catch (MalformedReport e) {
            reading.stop(e);
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
        return ParsedFile.of(reading.reports, reading.complaints);
    }

    /** What was read before stays good. */
    private void stop(MalformedReport why) throws MalformedReport {
        if (number == 0) {
            throw why;
        }
        complaints.add(why.getMessage() + ", behind report " + number + "; the rest was not read");
    }

    private void document(BoundedJson json) throws IOException, MalformedReport {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_ARRAY) {
            list(json);
        } else if (first == JsonToken.START_OBJECT) {
            object(json);
        }
        if (number == 0) {
            throw new MalformedReport(NO_LIST);
        }
        if (number <= MOST_REPORTS && json.nextToken() != null) {
            throw new MalformedReport("something follows its end");
        }
    }

    private void object(BoundedJson json) throws IOException {
        ObjectNode alone = JsonNodeFactory.instance.objectNode();
        while (number <= MOST_REPORTS && json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (OF_A_REPORT.contains(name)) {
                alone.set(name, RumJson.next(json));
            } else if (name.equals("usage") && value == JsonToken.START_ARRAY) {
                list(json);
            } else {
                json.skipChildren();
            }
        }
        if (alone.has("payload")) {
            number++;
            try {
                reports.add(RumJson.read(alone));
            } catch (MalformedReport e) {
                complaints.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private void list(BoundedJson json) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (++number > MOST_REPORTS) {
                complaints.add("it holds more than " + MOST_REPORTS + " reports; the rest was not read");
                return;
            }
            try {
                reports.add(RumJson.read(RumJson.next(json)));
            } catch (MalformedReport e) {
                complaints.add("report " + number + " in it: " + e.getMessage());
            }
        }
    }
}
