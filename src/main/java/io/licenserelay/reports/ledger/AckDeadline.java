package io.licenserelay.reports.ledger;

import io.licenserelay.config.site.LicenseClass;
import io.licenserelay.config.site.ReportPolicy;
import io.licenserelay.config.site.ReportPolicy.Intervals;
import io.licenserelay.reports.format.DevicePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * By when an acknowledgement of a device's usage must have come. What the device itself says goes first, until an acknowledgement
 * came after it was said; else its policy counts, which is the one it stated or the configured one: an acknowledgement may carry one too, but
 * what stands in it is not published.
 *
 * @param by by what rule, for people
 * @param interval the time that the rule gives
 */
record AckDeadline(Instant at, String by, Duration interval) {
    /** A device tells a day and not by what rule; so long before it the whole of {@code warn} applies. */
    private static final Duration SELDOM = Duration.ofDays(365);

    private static final String UNREAD = "; its last acknowledgement carries a policy, whose format is not published";

    /** The nearest one; null when nothing is to be acknowledged. */
    static @Nullable AckDeadline of(DeviceReportingState news, ReportPolicy configured) {
        DeviceReportingState.Stated stated = news.stated();
        if (news.lastReport() == null && stated == null) {
            return null;
        }
        Instant stands = stated == null ? null : stated.deadline();
        boolean current = stated != null
                && (news.acknowledged() == null || news.acknowledged().isBefore(stated.readAt()));
        if (stated != null && stands != null && current) {
            return new AckDeadline(
                    stands, "as the device says (" + stated.origin() + ", read " + stated.readAt() + ")", SELDOM);
        }
        return byPolicy(news, configured).stream()
                .min(Comparator.comparing(AckDeadline::at))
                .orElse(null);
    }

    private static List<AckDeadline> byPolicy(DeviceReportingState news, ReportPolicy configured) {
        Policy policy = Policy.of(news, configured);
        List<AckDeadline> deadlines = new ArrayList<>();
        Instant lastAck = news.lastAck();
        if (lastAck != null) {
            policy.add(deadlines, policy.shortest(Intervals::every), lastAck, "the last acknowledgement");
        } else if (news.firstReport() != null) {
            policy.add(deadlines, policy.shortest(Intervals::first), news.firstReport(), "the first report");
        }
        for (DeviceReportingState.Change change : news.changes()) {
            policy.add(deadlines, policy.of(change.tag()).change(), change.since(), "the usage changed,");
        }
        return deadlines;
    }

    /** How long nothing need be heard of the device; zero when nothing is asked for. */
    static Duration silence(DeviceReportingState news, ReportPolicy configured, boolean everContacted) {
        return Policy.of(news, configured).shortest(everContacted ? Intervals::every : Intervals::first);
    }

    /** What applies to a device. */
    private record Policy(
            Map<LicenseClass, Intervals> classes, ReportPolicy configured, List<String> tags, String name) {

        static Policy of(DeviceReportingState news, ReportPolicy configured) {
            DevicePolicy own = news.stated() == null ? null : news.stated().policy();
            String name = own != null
                    ? "the policy that it states"
                    : "the configured policy" + (news.ackPolicy() ? UNREAD : "");
            return new Policy(own == null ? configured.classes() : own.classes(), configured, news.tags(), name);
        }

        Intervals of(@Nullable String tag) {
            return classes.getOrDefault(configured.classOf(tag), Intervals.NONE);
        }

        /** Of all licenses in use, the one that is asked for first. */
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
                String by = interval.toDays() + " days after " + event + " of " + since + " (" + name + ")";
                deadlines.add(new AckDeadline(since.plus(interval), by, interval));
            }
        }
    }
}
