package io.licenserelay.view.sites;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.licenserelay.diagnosis.Severity;
import io.licenserelay.evidence.Flow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An open incident in the overview. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OpenProblem(
        String id,
        String code,
        Severity severity,
        Flow flow,
        @Nullable String account,
        @Nullable String virtualAccount,
        String summary,
        Instant openedAt) {}
