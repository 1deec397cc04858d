package io.licenserelay.evidence.collect;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The task that runs one probe. */
public final class ProbeTask extends EvidenceTask<ProbeResult> {
    ProbeTask(String name, ProbeTarget target, Deadline deadline) {
        super(name, EvidenceRoutes.PROBE_PREFIX + name, target, deadline);
    }

    @Override
    ProbeResult read(@Nullable Object answer) throws BadProbeResult {
        return answer instanceof ProbeResult result ? result : ProbeAnswer.read(this, answer);
    }

    @Override
    ProbeResult unfinished(String reason) {
        // A probe that got no thread says nothing about the server; it is a limit of the relay.
        boolean neverBegan = reason.equals(LATE) && !hasBegun();
        Map<String, Object> details = neverBegan ? Map.of("begun", false) : Map.of();
        return new ProbeResult(name(), host() + ":" + port(), Status.ERROR, reason, Map.of(), details, List.of());
    }
}
