package io.licenserelay.diagnosis;

import io.licenserelay.evidence.Flow;
import java.util.List;
import java.util.Set;

/**
 * A cause as the catalogue describes it.
 *
 * @param code for example {@code LIC3002}; a code never changes its meaning
 * @param severity the initial severity
 * @param owner who acts: {@code network}, {@code ssm}, {@code sdwan}, {@code relay} or {@code cisco}
 * @param flows the flows in which this can be the cause; empty: all flows
 * @param explains whether it can make something else fail; false for example for an expiry date in the future
 * @param remedy steps for the owner, in order
 * @param explain the meaning, how the relay concludes the cause, and what it is not
 */
public record Entry(
        String code,
        String title,
        Severity severity,
        String owner,
        Set<Flow> flows,
        boolean explains,
        List<String> remedy,
        String explain) {

    /** Whether this can be the cause of an incident in that flow. */
    public boolean concerns(Flow flow) {
        return flows.isEmpty() || flows.contains(flow);
    }

    /** Whether this can explain a failure in that flow. */
    boolean explains(Flow flow) {
        return explains && concerns(flow);
    }
}
