package io.licenserelay.reports;

import io.licenserelay.config.site.Place;
import io.licenserelay.inventory.Places.Ids;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reports of one device that are sent together, and polled together.
 *
 * @param ids SSM's own numbers of the place
 * @param nonce ours, returned by the server; the same whenever this submission is sent again
 * @param digests of its reports
 * @param known whether the server may have them from an earlier attempt
 * @param usage what to send, in the order of the digests; empty unless it is about to be sent
 * @param pollId what to ask for, once the server told it
 */
public record Submission(
        String id,
        Place place,
        Udi udi,
        Ids ids,
        String nonce,
        List<String> digests,
        boolean known,
        List<Usage> usage,
        @Nullable String pollId) {

    /** A payload with its signature: the string and the JSON object as they came. */
    public record Usage(String payload, String signature) {}

    /** Writes down that they are about to go out, once more or for the first time: from now on the server may have their reports. */
    public void prepare(Handle tx, long now) {
        tx.execute(
                "INSERT INTO submission (id, site, account, va, pid, serial, nonce, attempts, prepared_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (id) DO UPDATE SET"
                        + " attempts = submission.attempts + 1",
                id,
                place.site(),
                place.account(),
                place.va(),
                udi.pid(),
                udi.serial(),
                nonce,
                now);
        try (PreparedBatch reports =
                tx.prepareBatch("UPDATE report SET submission_id = ?, maybe_sent = 1 WHERE digest = ?")) {
            digests.forEach(digest -> reports.add(id, digest));
            reports.execute();
        }
    }

    /** Whether it holds several reports, all of which the server may have acknowledgements for under its nonce. */
    public boolean isKnownBatch() {
        return known && digests.size() > 1;
    }

    public Submission with(List<Usage> content) {
        return new Submission(id, place, udi, ids, nonce, digests, known, content, pollId);
    }
}
