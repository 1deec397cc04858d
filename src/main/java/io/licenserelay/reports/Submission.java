package io.licenserelay.reports;

import io.licenserelay.config.site.Place;
import io.licenserelay.inventory.Places.Ids;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reports of one device that are sent in one request and polled together.
 *
 * @param ids SSM's numeric ids of the place
 * @param nonce chosen by the relay and returned by the server; a repeated submission keeps its nonce
 * @param digests the digests of the reports
 * @param known whether an earlier attempt may have delivered the reports
 * @param usage the content to send, in the order of the digests; filled only directly before sending
 * @param pollId the id to poll for; null until the server has returned it
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

    /** A payload with its signature: the string and the JSON object, unchanged. */
    public record Usage(String payload, String signature) {}

    /**
     * Records that the submission is about to be sent, for the first time or again. From now on the server may have the
     * reports.
     */
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

    /**
     * Whether the submission has several reports, and the server may have acknowledgements for all of them under this
     * nonce.
     */
    public boolean isKnownBatch() {
        return known && digests.size() > 1;
    }

    public Submission with(List<Usage> content) {
        return new Submission(id, place, udi, ids, nonce, digests, known, content, pollId);
    }
}
