package io.licenserelay.event;

import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Expands an outbox row that represents many records into these records, page by page. The outbox calls it; the domain
 * package that owns the tables implements it.
 */
public interface RecordExpansion {

    /**
     * The next records of the place that the run changed.
     *
     * @param provenance the provenance that was appended with the row; null if none
     * @param resume the end of the previous page; null for the first page
     * @return at most {@code max} records in order; empty after the last one
     */
    List<Record> page(
            Handle tx, long placeId, long runId, @Nullable String provenance, @Nullable String resume, int max);

    /** Called once, in the transaction that removes the row, after Kafka has accepted all records. */
    void finished(Handle tx, long placeId, long runId);

    /**
     * One record.
     *
     * @param value null for a tombstone
     * @param resume the position after this record
     */
    record Record(
            String key,
            Map<String, String> headers,
            @Nullable String value,
            String resume) {}
}
