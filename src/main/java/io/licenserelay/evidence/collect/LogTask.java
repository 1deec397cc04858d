package io.licenserelay.evidence.collect;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.excerpt.LogExcerpt;
import io.licenserelay.evidence.logs.LogReading;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The task that reads the tail of one log. */
public sealed class LogTask extends EvidenceTask<LogReading> permits OwnLogTask {
    /** The time that syslog lines about a failure need to arrive. */
    private static final Duration ARRIVING = Duration.ofSeconds(1);

    private final Site.LogFile log;

    LogTask(Site.LogFile log, ProbeTarget target, Deadline deadline) {
        this(log, log.syslog() == null ? EvidenceRoutes.FILE_ROUTE : EvidenceRoutes.SYSLOG_ROUTE, target, deadline);
    }

    LogTask(Site.LogFile log, String route, ProbeTarget target, Deadline deadline) {
        super(log.name(), route, target, deadline);
        this.log = log;
    }

    public Site.LogFile log() {
        return log;
    }

    /** The time to wait before the log is read, so that lines in transit arrive. */
    public Duration arriving() {
        return log.syslog() == null ? Duration.ZERO : ARRIVING;
    }

    @Override
    LogReading read(@Nullable Object answer) throws BadProbeResult {
        if (answer instanceof LogReading reading) {
            return reading;
        }
        throw new BadProbeResult("the body is not the result of reading a log");
    }

    @Override
    LogReading unfinished(String reason) {
        String note = "the log was not read: " + reason;
        LogExcerpt nothing = new LogExcerpt(log.name(), log.path().toString(), List.of(), null, null, false, note);
        Finding finding = new Finding(Findings.LOG_NOT_COVERING, "log " + log.name() + ": " + note);
        return new LogReading(nothing, List.of(finding));
    }
}
