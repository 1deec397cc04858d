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
 * Reads the JSON of a device's {@code /smartlic-service/all-reports}: {@code {"usage":[{payload, header, signature}]}}.
 * A single report and a plain list of reports are accepted as well. Only one report at a time is in memory as a tree.
 * Reports before a damaged place are accepted.
 */
final class RumExport {
    private static final int MAX_REPORTS = 10_000;
    private static final Set<String> REPORT_FIELDS = Set.of("payload", "header", "signature");
    private static final String NO_LIST = "the JSON has no \"usage\" list of reports";

    private final List<RumReport> reports = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int number;

    private RumExport() {}

    static ParsedFile read(String text) throws MalformedReport {
        RumExport export = new RumExport();
        try (BoundedJson json = RumJson.parser(new StringReader(text))) {
            export.document(json);
        } catch (JsonProcessingException e) {
            export.keepEarlierReports(RumJson.invalidJson("the file", e));
        } catch (MalformedReport e) {
            export.keepEarlierReports(e);
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
        return ParsedFile.of(export.reports, export.problems);
    }

    /** Keeps the reports that were read before the error. */
    private void keepEarlierReports(MalformedReport why) throws MalformedReport {
        if (number == 0) {
            throw why;
        }
        problems.add(why.getMessage() + ", after report " + number + "; the rest was not read");
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
        if (number <= MAX_REPORTS && json.nextToken() != null) {
            throw new MalformedReport("there is more data after the end of the JSON");
        }
    }

    private void object(BoundedJson json) throws IOException {
        ObjectNode single = JsonNodeFactory.instance.objectNode();
        while (number <= MAX_REPORTS && json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (REPORT_FIELDS.contains(name)) {
                single.set(name, RumJson.next(json));
            } else if (name.equals("usage") && value == JsonToken.START_ARRAY) {
                list(json);
            } else {
                json.skipChildren();
            }
        }
        if (single.has("payload")) {
            number++;
            try {
                reports.add(RumJson.read(single));
            } catch (MalformedReport e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private void list(BoundedJson json) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (++number > MAX_REPORTS) {
                problems.add("the file contains more than " + MAX_REPORTS + " reports; the rest was not read");
                return;
            }
            try {
                reports.add(RumJson.read(RumJson.next(json)));
            } catch (MalformedReport e) {
                problems.add("report " + number + ": " + e.getMessage());
            }
        }
    }
}
