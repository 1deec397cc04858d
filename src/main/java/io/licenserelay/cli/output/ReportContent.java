package io.licenserelay.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.reports.ExpectedDevice;
import io.licenserelay.reports.ReportEntry;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.reports.ledger.LedgerView.DeviceDates;
import io.licenserelay.reports.ledger.LedgerView.GivenBack;
import io.licenserelay.text.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/** Prints the content of a report: the device's own dates, gaps to the neighbouring reports, and every measurement. */
public final class ReportContent {
    private static final List<String> HEADS = List.of("FROM", "TO", "LOGGED", "METRIC", "VALUE", "ENDED BY", "CLOCK");
    private static final int MOST = 1_000;
    private static final long LATEST = 253_402_300_799L;

    private final LedgerView view;

    public ReportContent(LedgerView view) {
        this.view = view;
    }

    public void print(ReportEntry report, PrintWriter out) {
        view.givenBack(report).ifPresent(back -> out.printf("%n%s%n", Table.plain(givenBack(back))));
        view.deviceDates(report).ifPresent(deviceDates -> out.printf("%n%s%n", Table.plain(deviceDates(deviceDates))));
        view.expected(report).ifPresent(device -> out.printf("%s%n", Table.plain(due(device))));
        view.neighbours(report).forEach(neighbour -> out.printf("finding: %s%n", Table.plain(neighbour)));
        String payload = view.payload(report.digest());
        out.println();
        if (payload.isEmpty()) {
            out.println("The payload is no longer stored.");
            return;
        }
        JsonNode content = Json.stored(payload, "the payload of " + report.digest());
        out.printf(
                "software  %s%n",
                Table.plain(content.at("/meta/software_version").asText("unknown")));
        List<List<String>> rows = StreamSupport.stream(
                        content.path("measurements").spliterator(), false)
                .limit(MOST)
                .map(ReportContent::row)
                .toList();
        Table.print(HEADS, rows, HEADS.size(), out);
        if (content.path("measurements").size() > MOST) {
            out.printf("… and %d more%n", content.path("measurements").size() - MOST);
        }
    }

    private static String givenBack(GivenBack back) {
        String sent = "the acknowledgement was sent to the device as " + back.form() + " at " + back.sentAt();
        if (back.takenAt() != null) {
            return sent + ", and accepted at " + back.takenAt();
        }
        return back.refusal() == null
                ? sent + "; whether the device accepted it is not known yet"
                : sent + ", and refused: " + back.refusal();
    }

    private static String deviceDates(DeviceDates deviceDates) {
        String last = deviceDates.lastAck() == null ? "none" : deviceDates.lastAck();
        String next = deviceDates.nextDeadline() == null ? "none" : deviceDates.nextDeadline();
        return "the device reports (" + deviceDates.origin() + ", read " + deviceDates.readAt() + "): last ACK " + last
                + ", next ACK deadline " + next;
    }

    private static String due(ExpectedDevice device) {
        return device.ackDueAt() == null
                ? "no acknowledgement for the device is due"
                : "an acknowledgement for the device is due by " + device.ackDueAt() + ", " + device.ackDueBy();
    }

    private static List<String> row(JsonNode measurement) {
        JsonNode value = measurement.path("value");
        return List.of(
                time(measurement.path("start_time")),
                time(measurement.path("end_time")),
                time(measurement.path("log_time")),
                measurement.path("metric_name").asText(),
                value.path("type").asText() + " " + value.path("value").asText(),
                measurement.at("/meta/termination_reason").asText(),
                measurement.at("/meta/clock_change_delta").asText());
    }

    private static String time(JsonNode seconds) {
        boolean known = seconds.canConvertToLong() && seconds.longValue() >= 0 && seconds.longValue() <= LATEST;
        return known ? Instant.ofEpochSecond(seconds.longValue()).toString() : seconds.asText();
    }
}
