package io.licenserelay.diagnosis;

import io.licenserelay.evidence.Flow;
import java.util.List;
import java.util.Set;

/**
 * A cause as the catalogue describes it.
 *
 * @param code {@code LIC3002}: stable for ever
 * @param severity where it starts
 * @param owner who acts: {@code network}, {@code ssm}, {@code sdwan}, {@code relay} or {@code cisco}
 * @param flows where it can be what is wrong; empty: anywhere
 * @param explains whether it can be why something else fails; false for what merely is so, such as a date that comes near
 * @param remedy steps for the one who acts, the first one first
 * @param explain what it means, how it is known, and what it is not
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

    /** Whether this can be what is wrong with that flow. */
    public boolean concerns(Flow flow) {
        return flows.isEmpty() || flows.contains(flow);
    }

    /** Whether this can be why something failed in that flow. */
    boolean explains(Flow flow) {
        return explains && concerns(flow);
    }
}
