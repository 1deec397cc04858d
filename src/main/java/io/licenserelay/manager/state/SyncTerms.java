package io.licenserelay.manager.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Api;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.manager.ManagerAnswer;
import io.licenserelay.manager.ManagerServer;
import io.licenserelay.manager.ManagerSession;
import io.licenserelay.manager.ReportedVersion;
import io.licenserelay.manager.SyncRefusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a sync request that this Manager reports. The mode has a different spelling in each place: {@code onPrem} in the user's
 * settings, {@code onprem} in a sync.
 *
 * @param mode the mode as a sync spells it: {@code onprem}, {@code offline}, {@code online}
 * @param acceptsAcks whether the Manager has an endpoint for acknowledgements
 */
public record SyncTerms(String mode, boolean multipleEntitlement, boolean acceptsAcks) {
    public static final String OFFLINE = "offline";
    private static final String ON_PREM = "onprem";
    private static final String ONLINE = "online";
    private static final List<String> PATHS =
            List.of("/dataservice/v1/smart-licensing/user-settings", "/dataservice/smartLicensing/getUserSettings");

    /**
     * Reads the parameters from the Manager.
     *
     * @throws SsmRefused when no sync can be requested: the Manager is too old, its mode does not fit the site, or the relay's user lacks
     *     the permission
     */
    public static SyncTerms read(ManagerServer server, ManagerSession session) throws IOException {
        Optional<ReportedVersion> reported = ReportedVersion.read(server, session);
        if (reported.isPresent() && reported.get().isTooOld()) {
            throw refusal(server, Findings.MANAGER_TOO_OLD, reported.get().of(host(server)), null);
        }
        ManagerAnswer answer = settings(server, session);
        JsonNode settings = answer.json();
        String mode = ManagerAnswer.text(settings, "mode");
        if (mode == null) {
            throw BadAnswer.shape("the Manager's user-settings", "have no mode");
        }
        String normalizedMode = SettingsCheck.normalized(mode);
        if (!List.of(ON_PREM, OFFLINE, ONLINE).contains(normalizedMode)) {
            String phrase = "the Manager's mode is " + mode + ", which a sync request does not support";
            throw refusal(server, Findings.MANAGER_SETTINGS_WRONG, phrase, answer.exchanged());
        }
        if (normalizedMode.equals(ONLINE) && server.site().ssm().api() != Api.CSSM) {
            String phrase =
                    "the Manager's mode is online: it would sync with Cisco, but the relay knows only the account numbers of "
                            + server.site().ssm().url();
            throw refusal(server, Findings.MANAGER_SETTINGS_WRONG, phrase, answer.exchanged());
        }
        return new SyncTerms(
                normalizedMode,
                settings.path("multipleEntitlement").asBoolean(false),
                reported.isPresent() && reported.get().version().acceptsAcks());
    }

    /** Older versions have the second path. That its answer is the same is inferred. */
    private static ManagerAnswer settings(ManagerServer server, ManagerSession session) throws IOException {
        SsmRefused noPath = null;
        for (String path : PATHS) {
            try {
                return session.get(path, "application/json");
            } catch (SsmRefused refused) {
                if (!SyncRefusal.isNoPath(refused)) {
                    throw SyncRefusal.of(server, refused);
                }
                noPath = refused;
            }
        }
        throw SyncRefusal.noPath(noPath);
    }

    private static SsmRefused refusal(
            ManagerServer server, String finding, String phrase, @Nullable HttpExchangeRecord exchange) {
        String loggedIn = host(server) + " accepted the login of "
                + server.manager().user().name();
        return new SsmRefused(
                finding,
                phrase,
                List.of(new Finding(finding, phrase), new Finding(Findings.MANAGER_LOGGED_IN, loggedIn)),
                exchange);
    }

    private static String host(ManagerServer server) {
        return server.manager().url().getHost();
    }
}
