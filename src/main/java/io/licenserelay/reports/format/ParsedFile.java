package io.licenserelay.reports.format;

import io.licenserelay.reports.RumReport;
import java.util.List;

/**
 * The content of one file, or of one file within a bundle. Valid parts are accepted even if other parts of the file are
 * invalid.
 *
 * @param acks the acknowledgements
 * @param statements the outputs of device commands
 * @param problems what could not be used and the reason, each as text for people
 */
public record ParsedFile(
        List<RumReport> reports, List<AckFile> acks, List<DeviceStatus> statements, List<String> problems) {

    static ParsedFile of(List<RumReport> reports, List<String> problems) {
        return new ParsedFile(List.copyOf(reports), List.of(), List.of(), List.copyOf(problems));
    }

    static ParsedFile of(AckFile ack) {
        return new ParsedFile(List.of(), List.of(ack), List.of(), List.of());
    }

    static ParsedFile of(DeviceStatus statement) {
        return new ParsedFile(List.of(), List.of(), List.of(statement), List.of());
    }

    public static ParsedFile unusable(String problem) {
        return of(List.of(), List.of(problem));
    }

    ParsedFile withProblems(List<String> problems) {
        return new ParsedFile(reports, acks, statements, problems);
    }
}
