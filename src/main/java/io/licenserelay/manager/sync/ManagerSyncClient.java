package io.licenserelay.manager.sync;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.http.failure.SsmUnavailable;
import io.licenserelay.manager.ManagerServer;
import io.licenserelay.manager.ManagerSession;
import io.licenserelay.manager.SyncRefusal;
import io.licenserelay.manager.state.ManagerInspection;
import io.licenserelay.manager.state.SyncHistory;
import io.licenserelay.manager.state.SyncTerms;
import io.licenserelay.reports.manager.ManagerSyncAnswer;
import io.licenserelay.reports.manager.ManagerSyncHistory;
import io.licenserelay.reports.manager.ManagerSyncRequest;
import io.licenserelay.reports.manager.ManagerSyncRequest.Fate;
import io.licenserelay.reports.manager.ManagerSyncRequest.WaitingAck;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * Requests syncs from Managers: one session with one request, to the documented endpoint, or to the deprecated one if the Manager has no
 * other. It shares the site's single session with the inspection of the Manager. Thread-safe.
 */
public final class ManagerSyncClient {
    private static final String UPLOAD_ACK = "/dataservice/smartLicensing/uploadAck";
    private static final List<String> PATHS =
            List.of("/dataservice/v1/smart-licensing/sync", "/dataservice/smartLicensing/syncLicenses");

    /** Longer than an inspection of the Manager uses the session. */
    private static final Duration MAX_SESSION_WAIT = Duration.ofMinutes(2);

    private final Function<String, Optional<ManagerInspection>> bySite;
    private final Database database;
    private final Clock clock;

    /** @param bySite by the name of the site; empty for a site without a Manager */
    public ManagerSyncClient(Function<String, Optional<ManagerInspection>> bySite, Database database, Clock clock) {
        this.bySite = bySite;
        this.database = database;
        this.clock = clock;
    }

    /** The syncs of the site's Manager that were observed so far. */
    public ManagerSyncHistory syncHistory(Site site) {
        return SyncHistory.of(database, site.name())
                .map(history -> new ManagerSyncHistory(history.goodAt(), history.failedAt(), history.failedLine()))
                .orElse(ManagerSyncHistory.NONE);
    }

    /**
     * Requests a sync from the site's Manager, and sends it the acknowledgements through the endpoints that it has.
     *
     * @throws SsmException when the Manager rejects the request; its findings have the reason
     * @throws IOException when no answer was received
     */
    public ManagerSyncAnswer requestSync(ManagerSyncRequest request, Site site) throws IOException {
        ManagerServer server = bySite.apply(site.name()).orElseThrow().server();
        checkPause(server);
        try (ManagerSession session = server.open(MAX_SESSION_WAIT)) {
            SyncTerms terms = SyncTerms.read(server, session);
            if (terms.acceptsAcks()) {
                upload(server, session, terms, request);
            }
            boolean offline = terms.mode().equals(SyncTerms.OFFLINE);
            WaitingAck file = offline ? request.acks().stream().findFirst().orElse(null) : null;
            if (!offline) {
                String why = "its mode is " + terms.mode()
                        + ", and it has no uploadAck: whether it accepts them with a sync is unknown";
                request.acks().forEach(ack -> request.recordOutcome(ack, Fate.KEPT, why));
            }
            sync(server, session, terms, request, file);
            return new ManagerSyncAnswer.Taken(terms.mode());
        }
    }

    /** The result to store for a failed request. */
    public ManagerSyncAnswer failed(Throwable thrown, ManagerSyncRequest request) {
        boolean classified = thrown instanceof SsmException;
        String message = classified ? String.valueOf(thrown.getMessage()) : thrown.toString();
        return classified || request.sentAt().isEmpty()
                ? new ManagerSyncAnswer.Refused(message)
                : new ManagerSyncAnswer.Lost(message);
    }

    private static void checkPause(ManagerServer server) throws SsmUnavailable {
        if (server.isPutOff()) {
            String phrase = "the Manager requested a pause until " + server.notBefore() + ", so no request is sent now";
            throw new SsmUnavailable(
                    Findings.HTTP_RATE_LIMITED,
                    phrase,
                    List.of(new Finding(Findings.HTTP_RATE_LIMITED, phrase)),
                    null,
                    null);
        }
    }

    private void sync(
            ManagerServer server,
            ManagerSession session,
            SyncTerms terms,
            ManagerSyncRequest request,
            @Nullable WaitingAck file)
            throws IOException {
        HttpEntity body = SyncRequestBody.of(terms, request.virtualAccounts(), file);
        request.recordSending(clock.instant());
        SsmRefused last = null;
        for (String path : PATHS) {
            try {
                session.post(path, body);
                if (file != null) {
                    request.recordOutcome(file, Fate.HANDED, "with the sync");
                }
                return;
            } catch (SsmRefused refused) {
                if (!SyncRefusal.isNoPath(refused)) {
                    SsmRefused refusal = SyncRefusal.of(server, refused);
                    if (file != null && isRequestRejected(refusal)) {
                        request.recordOutcome(file, Fate.REFUSED, String.valueOf(refusal.getMessage()));
                    }
                    throw refusal;
                }
                last = refused;
            }
        }
        throw SyncRefusal.noPath(last);
    }

    /** A rejected acknowledgement is not sent again. If the Manager lacks the endpoint, the acknowledgement is sent with the sync. */
    private static void upload(
            ManagerServer server, ManagerSession session, SyncTerms terms, ManagerSyncRequest request)
            throws IOException {
        for (WaitingAck ack : request.acks()) {
            try {
                session.post(UPLOAD_ACK, SyncRequestBody.of(terms, request.virtualAccounts(), ack));
                request.recordOutcome(ack, Fate.HANDED, "by uploadAck");
            } catch (SsmRefused refused) {
                if (SyncRefusal.isNoPath(refused)) {
                    return;
                }
                SsmRefused refusal = SyncRefusal.of(server, refused);
                if (!isRequestRejected(refusal)) {
                    throw refusal;
                }
                request.recordOutcome(ack, Fate.REFUSED, String.valueOf(refusal.getMessage()));
            }
        }
    }

    /** Whether the request itself was rejected, not the relay's user or the Manager's own login. */
    private static boolean isRequestRejected(SsmRefused refusal) {
        return refusal.errorType().equals(Findings.MANAGER_SYNC_NOT_TAKEN);
    }
}
