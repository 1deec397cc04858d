package io.licenserelay.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the JSON that a device's {@code /smartlic-service/all-reports} answers: {@code {"usage":[{payload, header,
 * signature}]}}. One report by itself and a bare list of them are read as well.
 */
final class RumExport {
    private static final int MOST_REPORTS = 10_000;

    private RumExport() {}

    static Content read(String text) throws Unreadable {
        JsonNode export = RumJson.parse("it", text);
        JsonNode list = export.isArray() ? export : export.path("usage");
        if (export.has("payload")) {
            return Content.of(List.of(RumJson.read(export)), List.of());
        }
        if (!list.isArray() || list.isEmpty()) {
            throw new Unreadable("it is JSON without a \"usage\" list of reports");
        }
        List<RumReport> reports = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        int number = 0;
        for (JsonNode each : list) {
            if (++number > MOST_REPORTS) {
                complaints.add("it holds more than " + MOST_REPORTS + " reports; the rest was not read");
                break;
            }
            try {
                reports.add(RumJson.read(each));
            } catch (Unreadable e) {
                complaints.add("report " + number + " in it: " + e.getMessage());
            }
        }
        return Content.of(reports, complaints);
    }
}
