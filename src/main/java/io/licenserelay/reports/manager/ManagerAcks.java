package io.licenserelay.reports.manager;

import io.licenserelay.config.site.Site;
import io.licenserelay.event.Digests;
import io.licenserelay.redact.Redactor;
import io.licenserelay.reports.manager.ManagerSyncRequest.Fate;
import io.licenserelay.reports.manager.ManagerSyncRequest.Upload;
import io.licenserelay.reports.manager.ManagerSyncRequest.WaitingAck;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledgement files from the inbox that are for the Manager. Each is sent unchanged and at least once, and not
 * again after the Manager accepted or refused it. Used within one transaction.
 */
public final class ManagerAcks {
    /** The maximum size of a file for the Manager, in bytes. */
    public static final int MAX_SIZE = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ManagerAcks.class);
    private static final int BATCH_SIZE = 10;

    private final Redactor redactor;
    private final Clock clock;

    public ManagerAcks(Redactor redactor, Clock clock) {
        this.redactor = redactor;
        this.clock = clock;
    }

    /** Stores a file. A repeated file changes nothing. */
    public void store(Handle tx, Site site, String name, byte[] content) {
        tx.execute(
                "INSERT INTO manager_ack (site, digest, name, content, state, received_at) VALUES (?, ?, ?, ?, 'waiting', ?)"
                        + " ON CONFLICT (site, digest) DO NOTHING",
                site.name(),
                Digests.sha256(content),
                name,
                Base64.getEncoder().encodeToString(content),
                clock.millis());
    }

    /** The oldest waiting files. The others wait for the next request. */
    List<WaitingAck> waiting(Handle tx, Site site) {
        return tx.createQuery("SELECT digest, name, content FROM manager_ack WHERE site = :site"
                        + " AND state IN ('waiting', 'kept') ORDER BY received_at, digest LIMIT :most")
                .bind("site", site.name())
                .bind("most", BATCH_SIZE)
                .map((row, context) ->
                        new WaitingAck(row.getString("digest"), row.getString("name"), row.getString("content")))
                .list();
    }

    void settle(Handle tx, Site site, List<Upload> uploads) {
        for (Upload each : uploads) {
            String name = each.ack().name();
            String result = redactor.redact(each.result());
            if (each.fate() == Fate.HANDED) {
                recordFinal(tx, site, each, result);
                LOG.info("{}: {} was uploaded to the SD-WAN Manager {}", site.name(), name, result);
            } else if (each.fate() == Fate.REFUSED) {
                recordFinal(tx, site, each, result);
                LOG.warn(
                        "{}: the SD-WAN Manager refused {}, and the relay does not send it again: {}",
                        site.name(),
                        name,
                        result);
            } else if (markKept(tx, site, each, result)) {
                LOG.warn("{}: {} was not uploaded to the SD-WAN Manager: {}", site.name(), name, result);
            }
        }
    }

    private void recordFinal(Handle tx, Site site, Upload each, String result) {
        tx.execute(
                "UPDATE manager_ack SET state = ?, state_reason = ?, content = '', settled_at = ? WHERE site = ? AND digest = ?",
                each.fate().name().toLowerCase(Locale.ROOT),
                result,
                clock.millis(),
                site.name(),
                each.ack().digest());
    }

    /** @return whether the file had another state before */
    private static boolean markKept(Handle tx, Site site, Upload each, String why) {
        return tx.execute(
                        "UPDATE manager_ack SET state = 'kept', state_reason = ? WHERE site = ? AND digest = ?"
                                + " AND state = 'waiting'",
                        why,
                        site.name(),
                        each.ack().digest())
                > 0;
    }
}
