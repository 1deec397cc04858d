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
 * The Manager's log (<code>vmanage-server.log</code>). The relay fetches its last lines, redacts them and stores them in the file that
 * {@code relay.yaml} names as a log; or another program or syslog writes that file. Not thread-safe: one thread at a time.
 */
final class ManagerLog {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerLog.class);
    private static final String PATH = "/dataservice/util/logfile/appserver/lastnlines?lines=";
    private static final long MAX_FILE_SIZE = 8L << 20;
    private static final int[] LINE_COUNTS = {1_000, 5_000, 20_000};
    private static final int MAX_LINE_LENGTH = 8_192;

    private final Site.LogFile log;
    private final boolean fetched;
    private final ManagerLogSpool spool;
    private final Redactor redactor;
    private final Clock clock;

    /** @param fetched whether the relay fetches the log; if not, another program writes the file */
    ManagerLog(Site.LogFile log, boolean fetched, Redactor redactor, Clock clock) {
        this.log = log;
        this.fetched = fetched;
        this.spool = new ManagerLogSpool(log.path(), MAX_FILE_SIZE);
        this.redactor = redactor;
        this.clock = clock;
    }

    boolean isFetched() {
        return fetched;
    }

    /** The parsed newest lines of a log that another program writes; empty if the relay fetches the log. */
    Optional<List<ManagerLines.Line>> localLines() throws IOException {
        return fetched ? Optional.empty() : Optional.of(parsed(redactor.redactLines(spool.tail())));
    }

    private List<ManagerLines.Line> parsed(List<String> lines) {
        return ManagerLines.of(lines, log.zone(), clock.instant());
    }

    /**
     * Fetches new lines. Requests more lines if those received do not reach back to the stored ones.
     *
     * @return the parsed newest lines
     * @throws IOException when the Manager does not send them, or the file cannot be written
     */
    List<ManagerLines.Line> fetch(ManagerSession session) throws IOException {
        ManagerLogSpool.Fetched fetched = new ManagerLogSpool.Fetched(List.of(), true);
        for (int count : LINE_COUNTS) {
            List<String> lines;
            try {
                lines = lines(session, count);
            } catch (BadAnswer tooLarge) {
                if (count == LINE_COUNTS[0]) {
                    throw tooLarge;
                }
                LOG.warn(
                        "{}: {} lines of the Manager's log exceed a limit: {}",
                        log.name(),
                        count,
                        tooLarge.getMessage());
                break;
            }
            fetched = spool.compare(lines);
            if (fetched.isContiguous() || lines.size() < count) {
                break;
            }
        }
        String gap = "";
        if (!fetched.isContiguous()) {
            gap = "-- license-relay: lines between the previous and the next line were not fetched";
            LOG.warn("{}: lines of the Manager's log were not fetched in time and are missing", log.name());
        }
        spool.append(fetched.newLines(), gap);
        return parsed(spool.tail());
    }

    private List<String> lines(ManagerSession session, int count) throws IOException {
        String text = session.get(PATH + count, "text/plain").body();
        List<String> lines =
                text.lines().map(line -> ShortText.of(line, MAX_LINE_LENGTH)).toList();
        return lines.isEmpty() ? lines : redactor.redactLines(lines);
    }
}
