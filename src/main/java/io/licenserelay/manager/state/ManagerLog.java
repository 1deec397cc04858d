package io.licenserelay.manager.state;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.logs.ManagerLines;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.manager.ManagerSession;
import io.licenserelay.redact.Redactor;
import io.licenserelay.text.ShortText;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Manager's log (<code>vmanage-server.log</code>). Fetched by its last so many lines, it is kept, redacted, where {@code relay.yaml}
 * has it read as a file; else somebody else writes that file, or syslog does. For one thread at a time.
 */
final class ManagerLog {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerLog.class);
    private static final String PATH = "/dataservice/util/logfile/appserver/lastnlines?lines=";
    private static final long LARGEST = 8L << 20;
    private static final int[] COUNTS = {1_000, 5_000, 20_000};
    private static final int LONGEST_LINE = 8_192;

    private final Site.LogFile log;
    private final boolean fetched;
    private final ManagerLogSpool spool;
    private final Redactor redactor;
    private final Clock clock;

    /** @param fetched the relay fetches it; else it lies there */
    ManagerLog(Site.LogFile log, boolean fetched, Redactor redactor, Clock clock) {
        this.log = log;
        this.fetched = fetched;
        this.spool = new ManagerLogSpool(log.path(), LARGEST);
        this.redactor = redactor;
        this.clock = clock;
    }

    boolean isFetched() {
        return fetched;
    }

    /** The newest lines of a log that somebody else writes, taken apart; empty when it is to be fetched. */
    Optional<List<ManagerLines.Line>> lying() throws IOException {
        return fetched ? Optional.empty() : Optional.of(apart(redactor.redactLines(spool.tail())));
    }

    private List<ManagerLines.Line> apart(List<String> lines) {
        return ManagerLines.of(lines, log.zone(), clock.instant());
    }

    /**
     * Fetches what is new; asks for more lines when those that came do not reach back to what is kept.
     *
     * @return the newest lines there are, taken apart
     * @throws IOException when the Manager does not give them, or the file cannot be written
     */
    List<ManagerLines.Line> fetch(ManagerSession session) throws IOException {
        ManagerLogSpool.Fetched fetched = new ManagerLogSpool.Fetched(List.of(), true);
        for (int count : COUNTS) {
            List<String> lines;
            try {
                lines = lines(session, count);
            } catch (BadAnswer tooMuch) {
                if (count == COUNTS[0]) {
                    throw tooMuch;
                }
                LOG.warn("{}: {} lines of the Manager's log are too much: {}", log.name(), count, tooMuch.getMessage());
                break;
            }
            fetched = spool.compare(lines);
            if (fetched.joined() || lines.size() < count) {
                break;
            }
        }
        String gap = "";
        if (!fetched.joined()) {
            gap = "-- license-relay: lines between the one above and the one below were not fetched";
            LOG.warn("{}: lines of the Manager's log were not fetched in time and are missing", log.name());
        }
        spool.append(fetched.fresh(), gap);
        return apart(spool.tail());
    }

    private List<String> lines(ManagerSession session, int count) throws IOException {
        String text = session.get(PATH + count, "text/plain").body();
        List<String> lines =
                text.lines().map(line -> ShortText.of(line, LONGEST_LINE)).toList();
        return lines.isEmpty() ? lines : redactor.redactLines(lines);
    }
}
