package io.licenserelay.evidence.collect;

import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Excerpt;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Target;
import io.licenserelay.evidence.logs.Reading;
import io.licenserelay.site.Site;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One log tail under way. */
public final class LogTask extends EvidenceTask<Reading> {
    /** So long the lines that a server sends about a failure as syslog are on their way. */
    private static final Duration ARRIVING = Duration.ofSeconds(1);

    private final Site.LogFile log;

    LogTask(Site.LogFile log, Target target, Deadline deadline) {
        super(
                log.name(),
                log.syslog() == null ? EvidenceRoutes.FILE_ROUTE : EvidenceRoutes.SYSLOG_ROUTE,
                target,
                deadline);
        this.log = log;
    }

    public Site.LogFile log() {
        return log;
    }

    /** How long to wait before the log is read, so that lines under way arrive. */
    public Duration arriving() {
        return log.syslog() == null ? Duration.ZERO : ARRIVING;
    }

    @Override
    Reading read(@Nullable Object answer) throws BadProbeResult {
        if (answer instanceof Reading reading) {
            return reading;
        }
        throw new BadProbeResult("the body is not the reading of a log");
    }

    @Override
    Reading unfinished(String reason) {
        String note = "it was not read: " + reason;
        Excerpt nothing = new Excerpt(log.name(), log.path().toString(), List.of(), null, null, false, note);
        Finding finding = new Finding(Findings.LOG_NOT_COVERING, "log " + log.name() + ": " + note);
        return new Reading(nothing, List.of(finding));
    }
}
