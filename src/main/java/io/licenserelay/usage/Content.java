package io.licenserelay.usage;

import java.util.List;

/**
 * What one file holds, or one file within a bundle. All of it may be there: what is good is taken whatever lies beside it.
 *
 * @param acks acknowledgements
 * @param statements what devices say of themselves
 * @param complaints what in it could not be used and why, each for people
 */
record Content(List<RumReport> reports, List<AckFile> acks, List<Statement> statements, List<String> complaints) {

    static Content of(List<RumReport> reports, List<String> complaints) {
        return new Content(List.copyOf(reports), List.of(), List.of(), List.copyOf(complaints));
    }

    static Content of(AckFile ack) {
        return new Content(List.of(), List.of(ack), List.of(), List.of());
    }

    static Content of(Statement statement) {
        return new Content(List.of(), List.of(), List.of(statement), List.of());
    }

    static Content useless(String complaint) {
        return of(List.of(), List.of(complaint));
    }

    Content withComplaints(List<String> told) {
        return new Content(reports, acks, statements, told);
    }
}
