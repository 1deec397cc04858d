package io.licenserelay.usage;

import java.util.List;

/**
 * What one file holds, or one file within a bundle. Both may be there: what is good is taken whatever lies beside it.
 *
 * @param complaints what in it could not be used and why, each for people
 */
record Content(List<RumReport> reports, List<String> complaints) {

    static Content useless(String complaint) {
        return new Content(List.of(), List.of(complaint));
    }
}
