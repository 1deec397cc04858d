package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.LicenseClass;
import io.licenserelay.config.site.ReportPolicy;
import io.licenserelay.config.site.ReportPolicy.Intervals;
import io.licenserelay.reports.format.DevicePolicy;
import io.licenserelay.text.Plural;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The deadline for the next acknowledgement of a device. A deadline that the device itself printed takes precedence,
 * until an acknowledgement arrives after it was read. Otherwise the policy determines the deadline: the policy that the
 * device printed, or the configured policy. An acknowledgement may contain a policy too, but its format is not
 * published.
 *
 * @param by the rule, as text for people
 * @param interval the interval of the rule
 */
record AckDeadline(Instant at, String by, Duration interval) {
    /**
     * The interval for a deadline that the device printed: the device prints no rule, so the full {@code warn} time
     * applies.
     */
    private static final Duration FULL_WARNING = Duration.ofDays(365);

    private static final String UNREADABLE_POLICY =
            "; its last acknowledgement contains a policy, but the format of that policy is not published";

    /** The earliest deadline; null if there is nothing to acknowledge. */
    static @Nullable AckDeadline of(DeviceReportingState state, ReportPolicy configured) {
        DeviceReportingState.StatusOutput statusOutput = state.statusOutput();
        if (state.lastReport() == null && statusOutput == null) {
            return null;
        }
        Instant printedDeadline = statusOutput == null ? null : statusOutput.deadline();
        boolean isCurrent = statusOutput != null
                && (state.acknowledgedAt() == null || state.acknowledgedAt().isBefore(statusOutput.readAt()));
        if (statusOutput != null && printedDeadline != null && isCurrent) {
            return new AckDeadline(
                    printedDeadline,
                    "according to the device (" + statusOutput.origin() + ", read " + statusOutput.readAt() + ")",
                    FULL_WARNING);
        }
        return byPolicy(state, configured).stream()
                .min(Comparator.comparing(AckDeadline::at))
                .orElse(null);
    }

    private static List<AckDeadline> byPolicy(DeviceReportingState state, ReportPolicy configured) {
        Policy policy = Policy.of(state, configured);
        List<AckDeadline> deadlines = new ArrayList<>();
        Instant lastAck = state.lastAck();
        if (lastAck != null) {
            policy.add(deadlines, policy.shortest(Intervals::every), lastAck, "the last acknowledgement");
        } else if (state.firstReport() != null) {
            policy.add(deadlines, policy.shortest(Intervals::first), state.firstReport(), "the first report");
        }
        for (DeviceReportingState.Change change : state.changes()) {
            policy.add(deadlines, policy.of(change.tag()).change(), change.since(), "the usage changed,");
        }
        return deadlines;
    }

    /** How long the device may be silent; zero if there is no requirement. */
    static Duration silence(DeviceReportingState state, ReportPolicy configured, boolean everContacted) {
        return Policy.of(state, configured).shortest(everContacted ? Intervals::every : Intervals::first);
    }

    /** The policy that applies to a device. */
    private record Policy(
            Map<LicenseClass, Intervals> classes, ReportPolicy configured, List<String> tags, String name) {

        static Policy of(DeviceReportingState state, ReportPolicy configured) {
            DevicePolicy devicePolicy =
                    state.statusOutput() == null ? null : state.statusOutput().policy();
            String name = devicePolicy != null
                    ? "the policy that the device printed"
                    : "the configured policy" + (state.ackPolicy() ? UNREADABLE_POLICY : "");
            return new Policy(
                    devicePolicy == null ? configured.classes() : devicePolicy.classes(),
                    configured,
                    state.tags(),
                    name);
        }

        Intervals of(@Nullable String tag) {
            return classes.getOrDefault(configured.classOf(tag), Intervals.NONE);
        }

        /** The shortest interval of all licenses in use. */
        Duration shortest(Function<Intervals, Duration> which) {
            return (tags.isEmpty() ? List.of("") : tags)
                    .stream()
                            .map(tag -> which.apply(of(tag)))
                            .filter(interval -> !interval.isZero())
                            .min(Comparator.naturalOrder())
                            .orElse(Duration.ZERO);
        }

        void add(List<AckDeadline> deadlines, Duration interval, Instant since, String event) {
            if (!interval.isZero()) {
                String by =
                        Plural.of(interval.toDays(), "day") + " after " + event + " of " + since + " (" + name + ")";
                deadlines.add(new AckDeadline(since.plus(interval), by, interval));
            }
        }
    }
}
