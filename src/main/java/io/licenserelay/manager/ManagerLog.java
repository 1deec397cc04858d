package io.licenserelay.manager;

import io.licenserelay.evidence.logs.ManagerLines;
import io.licenserelay.redact.Redactor;
import io.licenserelay.site.Site;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the Manager's log (<code>vmanage-server.log</code>, by its last so many lines) and keeps what is new of it, redacted, where
 * {@code relay.yaml} has it read as a file. For one thread at a time.
 */
final class ManagerLog {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerLog.class);
    private static final String PATH = "/dataservice/util/logfile/appserver/lastnlines?lines=";
    private static final long LARGEST = 8L << 20;
    private static final int[] COUNTS = {1_000, 5_000, 20_000};
    private static final int LONGEST_LINE = 8_192;

    private final Site.LogFile log;
    private final ManagerSpool spool;
    private final Redactor redactor;
    private final Clock clock;

    ManagerLog(Site.LogFile log, Redactor redactor, Clock clock) {
        this.log = log;
        this.spool = new ManagerSpool(log.path(), LARGEST);
        this.redactor = redactor;
        this.clock = clock;
    }

    /**
     * Fetches what is new; asks for more lines when those that came do not reach back to what is kept.
     *
     * @return the newest lines there are, taken apart
     * @throws IOException when the Manager does not give them, or the file cannot be written
     */
    List<ManagerLines.Line> fetch(ManagerSession session) throws IOException {
        ManagerSpool.Fetched fetched = new ManagerSpool.Fetched(List.of(), true);
        for (int count : COUNTS) {
            List<String> lines = lines(session, count);
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
        return ManagerLines.of(spool.tail(), log.zone(), clock.instant());
    }

    private List<String> lines(ManagerSession session, int count) throws IOException {
        String text = session.get(PATH + count, "text/plain").body();
        List<String> lines = text.lines()
                .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line)
                .toList();
        return lines.isEmpty() ? lines : redactor.redactLines(lines);
    }
}
