package io.licenserelay.view.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One run with its results.
 *
 * @param traceparent W3C trace context of the run, as in its events
 * @param results the result per account, in the form of {@code sync --json}; empty while the run has not ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunDetail(@JsonUnwrapped RunEntry run, String traceparent, List<JsonNode> results) {}
