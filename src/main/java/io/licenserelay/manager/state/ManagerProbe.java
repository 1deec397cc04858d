package io.licenserelay.manager.state;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeResult.Status;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.manager.LoginRefused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Inspects the SD-WAN Manager of a site whose SSM failed: version, login, compared settings, compliance. It reports nothing about the
 * network, because that would concern another server.
 *
 * <p>Reasons: {@code ok}, {@code not-configured}, {@code login-refused}, {@code no-answer} (in the details), and the reasons of its
 * findings.
 */
public final class ManagerProbe implements Probe {
    /**
     * Findings about the relay's own access to the Manager. They are not added to the evidence, because rules would apply them to the
     * failed request.
     */
    private static final Set<String> RELAY_ACCESS_FINDINGS =
            Set.of(Findings.MANAGER_LOGIN_REFUSED, Findings.MANAGER_ROLE_MISSING);

    private final @Nullable ManagerInspection inspection;

    /** @param inspection null if the site has no Manager */
    public ManagerProbe(@Nullable ManagerInspection inspection) {
        this.inspection = inspection;
    }

    @Override
    public String name() {
        return "manager";
    }

    @Override
    public ProbeResult run(ProbeTarget target, Deadline deadline) {
        var manager = target.site().manager();
        if (inspection == null || manager == null) {
            return new ProbeResult(name(), "none", Status.SKIPPED, "not-configured", Map.of(), Map.of(), List.of());
        }
        ProbeResult full =
                result(inspection.glance(deadline.left()), manager.url().toString());
        List<Finding> findings = full.findings().stream()
                .filter(finding -> !RELAY_ACCESS_FINDINGS.contains(finding.name()))
                .toList();
        return new ProbeResult(
                full.probe(), full.target(), full.status(), full.reason(), full.millis(), full.details(), findings);
    }

    /** Converts the state to a probe result. */
    public static ProbeResult result(ManagerState state, String target) {
        Map<String, Object> details = new LinkedHashMap<>(state.details());
        if (!state.notes().isEmpty()) {
            details.put("notes", state.notes());
        }
        List<Finding> findings = new ArrayList<>(state.bad());
        findings.addAll(state.good());
        Throwable thrown = state.thrown();
        if (thrown instanceof LoginRefused refused) {
            findings.addAll(refused.findings());
            return new ProbeResult("manager", target, Status.FAILED, "login-refused", Map.of(), details, findings);
        }
        if (thrown != null) {
            details.put("error", thrown.getClass().getSimpleName());
            return new ProbeResult("manager", target, Status.SKIPPED, "no-answer", Map.of(), details, findings);
        }
        String reason = state.isWell() ? "ok" : state.bad().get(0).name().replaceFirst("^manager\\.", "");
        Status status = state.isWell() ? Status.OK : Status.FAILED;
        return new ProbeResult("manager", target, status, reason, Map.of(), details, findings);
    }
}
