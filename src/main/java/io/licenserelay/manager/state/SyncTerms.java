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
 * How a Manager wants to be asked to sync, by its own word. Its mode has another spelling in each place: {@code onPrem} in the user's
 * settings, {@code onprem} in a sync.
 *
 * @param mode as a sync spells it: {@code onprem}, {@code offline}, {@code online}
 * @param takesAcks whether acknowledgements have an endpoint of their own
 */
public record SyncTerms(String mode, boolean multipleEntitlement, boolean takesAcks) {
    public static final String OFFLINE = "offline";
    private static final String ON_PREM = "onprem";
    private static final String ONLINE = "online";
    private static final List<String> PATHS =
            List.of("/dataservice/v1/smart-licensing/user-settings", "/dataservice/smartLicensing/getUserSettings");

    /**
     * Reads them.
     *
     * @throws SsmRefused when this Manager cannot be asked: it is too old, its mode does not fit the site, or our user may not
     */
    public static SyncTerms read(ManagerServer server, ManagerSession session) throws IOException {
        Optional<ReportedVersion> reported = ReportedVersion.read(server, session);
        if (reported.isPresent() && reported.get().isTooOld()) {
            throw wrong(server, Findings.MANAGER_TOO_OLD, reported.get().of(host(server)), null);
        }
        ManagerAnswer answer = settings(server, session);
        JsonNode settings = answer.json();
        String mode = ManagerAnswer.text(settings, "mode");
        if (mode == null) {
            throw BadAnswer.shape("the Manager's user-settings", "have no mode");
        }
        String plain = SettingsCheck.plain(mode);
        if (!List.of(ON_PREM, OFFLINE, ONLINE).contains(plain)) {
            String phrase = "the Manager's mode is " + mode + ", for which a sync has no word";
            throw wrong(server, Findings.MANAGER_SETTINGS_WRONG, phrase, answer.exchanged());
        }
        if (plain.equals(ONLINE) && server.site().ssm().api() != Api.CSSM) {
            String phrase =
                    "the Manager's mode is online: it would sync with Cisco, and the numbers known here are those of "
                            + server.site().ssm().url();
            throw wrong(server, Findings.MANAGER_SETTINGS_WRONG, phrase, answer.exchanged());
        }
        return new SyncTerms(
                plain,
                settings.path("multipleEntitlement").asBoolean(false),
                reported.isPresent() && reported.get().version().takesAcks());
    }

    /** The second path is the one of older versions; that it answers the same is inferred. */
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

    private static SsmRefused wrong(
            ManagerServer server, String finding, String phrase, @Nullable HttpExchangeRecord exchange) {
        String in = host(server) + " let " + server.manager().user().name() + " in";
        return new SsmRefused(
                finding,
                phrase,
                List.of(new Finding(finding, phrase), new Finding(Findings.MANAGER_LOGGED_IN, in)),
                exchange);
    }

    private static String host(ManagerServer server) {
        return server.manager().url().getHost();
    }
}
