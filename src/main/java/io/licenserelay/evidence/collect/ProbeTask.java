package io.licenserelay.evidence.collect;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One probe under way. */
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
        // A probe that no thread was free for says something of the relay, and nothing of the server.
        boolean neverBegan = reason.equals(LATE) && !hasBegun();
        Map<String, Object> details = neverBegan ? Map.of("begun", false) : Map.of();
        return new ProbeResult(name(), host() + ":" + port(), Status.ERROR, reason, Map.of(), details, List.of());
    }
}
