package io.licenserelay.reports.format;

import io.licenserelay.reports.RumReport;
import java.util.List;

/**
 * What one file holds, or one file within a bundle. All of it may be there: what is good is taken whatever lies beside it.
 *
 * @param acks acknowledgements
 * @param statements what devices say of themselves
 * @param complaints what in it could not be used and why, each for people
 */
public record ParsedFile(
        List<RumReport> reports, List<AckFile> acks, List<DeviceStatus> statements, List<String> complaints) {

    static ParsedFile of(List<RumReport> reports, List<String> complaints) {
        return new ParsedFile(List.copyOf(reports), List.of(), List.of(), List.copyOf(complaints));
    }

    static ParsedFile of(AckFile ack) {
        return new ParsedFile(List.of(), List.of(ack), List.of(), List.of());
    }

    static ParsedFile of(DeviceStatus statement) {
        return new ParsedFile(List.of(), List.of(), List.of(statement), List.of());
    }

    public static ParsedFile useless(String complaint) {
        return of(List.of(), List.of(complaint));
    }

    ParsedFile withComplaints(List<String> complaints) {
        return new ParsedFile(reports, acks, statements, complaints);
    }
}
