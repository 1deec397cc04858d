package io.licenserelay.event;

import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Turns one outbox row that stands for many records into those records, page by page. A domain implements it, since only
 * the domain knows its tables; the outbox calls it.
 */
public interface RecordExpansion {

    /**
     * The next records of the place that the run changed.
     *
     * @param provenance as it was appended with the row; null when there is none
     * @param resume where the last page ended, null for the first
     * @return at most {@code max} records in order; empty when there are no more
     */
    List<Record> page(
            Handle tx, long placeId, long runId, @Nullable String provenance, @Nullable String resume, int max);

    /** Called once, in the transaction that removes the row, when every record has been taken by Kafka. */
    void finished(Handle tx, long placeId, long runId);

    /**
     * One record.
     *
     * @param value null for a tombstone
     * @param resume the place to go on after this record
     */
    record Record(
            String key,
            Map<String, String> headers,
            @Nullable String value,
            String resume) {}
}
