package io.licenserelay.reports.ledger;

import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.text.ShortText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Problems of a site's devices, as recorded by the last request to each device. A problem remains until the device
 * answers or is removed from the configuration.
 */
public final class DeviceTroubles {
    private static final int MAX_NAMED = 5;
    private static final int MAX_ERROR_LENGTH = 200;
    private static final Map<String, String> PREDICATES = Map.of(
            Findings.DEVICE_UNREACHABLE, "do not answer",
            Findings.DEVICE_NOT_TRUSTED, "are not trusted",
            Findings.DEVICE_LOGIN_REFUSED, "reject the configured user",
            Findings.DEVICE_NO_SUCH_PATH, "have no /smartlic-service",
            Findings.DEVICE_BAD_ANSWER, "return an unusable answer");

    private DeviceTroubles() {}

    private record Trouble(String finding, String named) {}

    /** One finding for each kind of problem. It names some of the devices and counts all. */
    public static List<Finding> standing(Handle tx, String site, Clock clock) {
        Map<String, List<String>> byFinding = tx
                .createQuery("SELECT name, finding, error FROM device_contact"
                        + " WHERE site = :site AND finding IS NOT NULL ORDER BY finding, name")
                .bind("site", site)
                .map((row, context) -> new Trouble(
                        row.getString("finding"),
                        row.getString("name") + " (" + ShortText.of(row.getString("error"), MAX_ERROR_LENGTH) + ")"))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Trouble::finding, LinkedHashMap::new, Collectors.mapping(Trouble::named, Collectors.toList())));
        List<Finding> findings = new ArrayList<>();
        byFinding.forEach((finding, devices) -> findings.add(new Finding(
                finding,
                devices.size() + " device(s) " + PREDICATES.getOrDefault(finding, "failed") + ": "
                        + devices.stream().limit(MAX_NAMED).collect(Collectors.joining("; "))
                        + (devices.size() > MAX_NAMED ? "; and " + (devices.size() - MAX_NAMED) + " more" : ""))));
        PendingDeviceAcks.standing(tx, site, clock).ifPresent(findings::add);
        return findings;
    }

    /**
     * Adds the device problems to a failure of a site's reports, because each update of an incident replaces the
     * previous one.
     */
    public static Failure withDeviceProblems(Handle tx, Failure failure, Clock clock) {
        if (failure.flow() != Flow.PUSH || failure.place().account() != null) {
            return failure;
        }
        List<Finding> findings = new ArrayList<>(failure.findings());
        standing(tx, failure.place().site(), clock).stream()
                .filter(each ->
                        findings.stream().noneMatch(known -> known.name().equals(each.name())))
                .forEach(findings::add);
        return failure.with(findings);
    }
}
