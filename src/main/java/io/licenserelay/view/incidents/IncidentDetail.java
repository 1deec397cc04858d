package io.licenserelay.view.incidents;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.diagnosis.Severity;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One incident with everything that is stored of it.
 *
 * @param event the data of its newest event as published: diagnosis, remedy, impact, what changed since the last good run
 * @param causes the causes that it has or had, the active ones first
 * @param evidence the newest evidence; null if none is stored
 * @param history earlier and later incidents of the same place and flow, newest first
 * @param bundle the file with all evidence; null if none was written yet
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IncidentDetail(
        @JsonUnwrapped IncidentEntry incident,
        JsonNode event,
        List<Cause> causes,
        @Nullable StoredBody evidence,
        List<Former> history,
        @Nullable BundleFile bundle) {

    /** A cause. @param active whether the newest event has it */
    public record Cause(String code, String confidence, boolean active, Instant firstAt, Instant lastAt) {}

    /**
     * The evidence of one event.
     *
     * @param sequence the number of the event
     * @param runId the run that collected it; null if it was collected between runs
     * @param intact whether the stored text still has its digest
     * @param sequences the numbers of all events with evidence
     * @param body exchange, probes with their phases and addresses, logs with their coverage, timeline, findings, as published. All of it is
     *     redacted; log lines are text from outside.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoredBody(
            long sequence,
            @Nullable String runId,
            Instant collectedAt,
            String sha256,
            boolean intact,
            List<Long> sequences,
            JsonNode body) {}

    /** Another incident of the same place and flow. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Former(
            String id,
            String code,
            Severity severity,
            String summary,
            Instant openedAt,
            @Nullable Instant resolvedAt) {}

    /** The evidence bundle. @param sequence the newest event in it */
    public record BundleFile(long sequence, String sha256, long bytes, Instant writtenAt) {}
}
