package io.licenserelay.evidence;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The closed list of finding names with their meanings. Rules may use only these names, the names of an operator's own probes, which begin
 * with {@code custom.}, and those of an operator's log patterns, which begin with {@code local.}.
 */
public final class Findings {
    /** The prefix of the findings of probes that an operator wrote. */
    public static final String CUSTOM = "custom.";

    /** The prefix of the findings of log patterns that an operator wrote. */
    public static final String LOCAL = "local.";

    private static final Pattern OWN_NAME = Pattern.compile("(?:custom|local)(?:[.-][a-z0-9]{1,40}){1,6}");
    private static final Map<String, String> MEANINGS = new TreeMap<>();

    public static final String DNS_RESOLVED = name("dns.resolved", "the name has addresses");
    public static final String DNS_NXDOMAIN = name("dns.nxdomain", "the name does not exist, or has no address");
    public static final String DNS_NEAR_MISS = name("dns.near-miss", "a host with a similar name exists");
    public static final String DNS_NO_ANSWER = name("dns.no-answer", "no name server answered, or all with SERVFAIL");

    public static final String TCP_CONNECTED = name("tcp.connected", "every address accepts connections");
    public static final String TCP_REFUSED = name("tcp.refused", "every address refuses connections");
    public static final String TCP_TIMEOUT = name("tcp.timeout", "no address answers a connection attempt");
    public static final String TCP_RESET =
            name("tcp.reset", "the connection was reset or closed before the answer was complete");
    public static final String TCP_SOME_FAILED =
            name("tcp.some-failed", "some addresses accept connections and others do not");

    public static final String TLS_TRUSTED =
            name("tls.trusted", "the certificate is trusted and matches the host name");
    public static final String TLS_UNTRUSTED = name("tls.untrusted", "no trusted CA issued the certificate");
    public static final String TLS_NAME_MISMATCH =
            name("tls.name-mismatch", "the certificate does not match the host name");
    public static final String TLS_EXPIRED = name("tls.expired", "the certificate has expired");
    public static final String TLS_NOT_YET_VALID = name("tls.not-yet-valid", "the certificate is not valid yet");
    public static final String TLS_EXPIRES_SOON = name("tls.expires-soon", "the certificate expires within 30 days");
    public static final String TLS_PIN_CHANGED =
            name("tls.pin-changed", "the server presents a certificate other than the pinned one");
    public static final String TLS_NO_COMMON =
            name("tls.no-common", "the server and the relay have no common TLS version or cipher suite");
    public static final String TLS_NOT_TLS = name("tls.not-tls", "the port does not use TLS");

    public static final String HTTP_ANSWERED = name("http.answered", "the server answers HTTP");
    public static final String HTTP_NO_ANSWER =
            name("http.no-answer", "the connection was established, but no answer was received in time");
    public static final String HTTP_UNAVAILABLE = name("http.unavailable", "the server answered 502, 503 or 504");
    public static final String HTTP_SERVER_ERROR = name("http.server-error", "the server answered another 5xx");
    public static final String HTTP_RATE_LIMITED = name("http.rate-limited", "the server answered 429");
    public static final String HTTP_NOT_FOUND = name("http.not-found", "the path answered 404 or 405");
    public static final String HTTP_FORBIDDEN = name("http.forbidden", "the API answered 403 to a valid token");
    public static final String HTTP_UNAUTHORIZED = name("http.unauthorized", "the API refused a new token");
    public static final String HTTP_TOKEN_EXPIRED =
            name("http.token-expired", "the API answered 401 and reported an expired token");
    public static final String HTTP_OTHER_PREFIX = name("http.other-prefix", "another known path prefix works");

    public static final String CAPTURE_HANDSHAKE_WELL =
            name("capture.handshake-well", "a capture shows that the server accepted the connection");
    public static final String CAPTURE_DATA_BOTH_WAYS =
            name("capture.data-both-ways", "a capture shows data in both directions");
    public static final String CAPTURE_REFUSED =
            name("capture.refused", "a capture shows a reset in answer to the connection attempt");
    public static final String CAPTURE_NO_ANSWER_TO_SYN =
            name("capture.no-answer-to-syn", "a capture shows connection attempts without an answer");
    public static final String CAPTURE_RESET_BY_SERVER = name(
            "capture.reset-by-server", "a capture shows that the server or a device before it reset the connection");
    public static final String CAPTURE_RESET_BY_CLIENT =
            name("capture.reset-by-client", "a capture shows that the client reset the connection");
    public static final String CAPTURE_NO_ANSWER_TO_DATA = name(
            "capture.no-answer-to-data",
            "a capture shows a request that was acknowledged but not answered for seconds");
    public static final String CAPTURE_SENT_AGAIN =
            name("capture.sent-again", "a capture shows retransmitted data or data out of order");
    public static final String CAPTURE_TLS_WELL =
            name("capture.tls-well", "a capture shows that the client accepted the server's certificate");
    public static final String CAPTURE_NOT_TLS =
            name("capture.not-tls", "a capture shows that the server answered a TLS hello with data that is not TLS");
    public static final String CAPTURE_TLS_NO_COMMON =
            name("capture.tls-no-common", "a capture shows a TLS alert: no common version or cipher suite");
    public static final String CAPTURE_TLS_UNTRUSTED =
            name("capture.tls-untrusted", "a capture shows a TLS alert: the client refused the certificate");
    public static final String CAPTURE_TLS_EXPIRED =
            name("capture.tls-expired", "a capture shows a TLS alert: the client reported an expired certificate");
    public static final String CAPTURE_TLS_ALERT = name("capture.tls-alert", "a capture shows another TLS alert");
    public static final String CAPTURE_CHECKSUM_OFFLOAD = name(
            "capture.checksum-offload",
            "only outgoing packets of a capture have wrong checksums: checksum offload, no corruption");
    public static final String CAPTURE_CHECKSUM_WRONG =
            name("capture.checksum-wrong", "a capture shows wrong checksums in both directions");

    public static final String MESSAGE_TOKEN_ANSWER = name(
            "message.token-answer", "a message contains the answer of a token endpoint, so the endpoint was reached");

    public static final String PROXY_REFUSED =
            name("proxy.refused", "the proxy answered 407 or 502, or did not answer");
    public static final String PROXY_DIRECT_WORKS = name("proxy.direct-works", "the server answers without the proxy");

    public static final String HTTP_REDIRECTED = name("http.redirected", "the server answered 3xx instead of data");
    public static final String HTTP_MALFORMED = name("http.malformed", "the answer violates the HTTP protocol");
    public static final String ANSWER_HTML = name("answer.html", "the answer is a web page instead of data");
    public static final String ANSWER_CUT = name("answer.cut", "the answer is truncated");
    public static final String ANSWER_MALFORMED = name("answer.malformed", "the answer is not JSON");
    public static final String ANSWER_SHAPE = name("answer.shape", "the answer lacks a required field");
    public static final String ANSWER_TOO_LARGE =
            name("answer.too-large", "the answer exceeded a limit of size or time");

    public static final String CREDENTIAL_WITHHELD =
            name("oauth.password.withheld", "the password was not sent: an earlier attempt was refused");
    public static final String CREDENTIAL_WITHHELD_IN_OUTAGE = name(
            "oauth.password.withheld-in-outage",
            "the password was not sent: an earlier attempt got no answer, and SSM still does not answer");
    public static final String PASSWORD_WORKED_BEFORE = name(
            "oauth.password.worked-before", "an earlier run succeeded with this API client and the password grant");
    public static final String CLIENT_EXPIRES_SOON =
            name("client.expires-soon", "the API client expires within 30 days, or has expired");
    public static final String CONFIGURED_PASSWORD =
            name("configured.password", "the site is configured for the password grant");
    public static final String CONFIGURED_CLIENT_CREDENTIALS =
            name("configured.client-credentials", "the site is configured for the client credentials grant");

    public static final String CLOCK_WELL = name("clock.well", "the clocks agree");
    public static final String CLOCK_APART = name("clock.apart", "the clocks differ by 2 s to 1 h");
    public static final String CLOCK_WRONG = name("clock.wrong", "the clocks differ by more than an hour");

    public static final String SSM_UPSTREAM_REFUSED =
            name("ssm-log.upstream-refused", "SSM's own log: a service inside it refuses connections");
    public static final String SSM_UPSTREAM_REFUSED_EARLIER = name(
            "ssm-log.upstream-refused-earlier",
            "SSM's own log: a service inside it refused connections within the hour before");
    public static final String SSM_REQUEST_REFUSED = name(
            "ssm-log.request-refused",
            "SSM's own log: a service inside it refused the connection for the failed request");
    public static final String LOG_NOT_COVERING = name("log.not-covering", "a log source does not cover the failure");
    public static final String SSM_SYNC_OVERDUE = name("ssm.sync-overdue", "SSM has not synchronized for 30 days");
    public static final String SSM_SYNC_REMOVAL = name("ssm.sync-removal", "SSM has not synchronized for 80 days");
    public static final String SSM_TOKEN_EXPIRES_SOON =
            name("ssm.token-expires-soon", "SSM's own synchronization token expires soon");
    public static final String SSM_ALERT_MAJOR = name("ssm.alert-major", "SSM itself reports a major alert");

    public static final String INVENTORY_VANISHED =
            name("inventory.vanished", "licenses are missing from a valid answer");
    public static final String OUT_OF_COMPLIANCE = name("compliance.out", "a license is out of compliance");
    public static final String LICENSES_END_AHEAD =
            name("expiry.ahead", "licenses or a subscription end within 90 days");
    public static final String LICENSES_END_SOON = name("expiry.soon", "licenses or a subscription end within 30 days");

    public static final String REPORT_REJECTED = name("report.rejected", "the server answered FAILED for a report");
    public static final String REPORT_SIGNATURE_REFUSED =
            name("report.signature-refused", "the server reports an invalid signature of a report");
    public static final String REPORT_DELIVERED_BEFORE =
            name("report.delivered-before", "the same report was delivered before");
    public static final String REPORT_ACK_OVERDUE =
            name("report.ack-overdue", "no acknowledgement arrived by the deadline of the device's policy");
    public static final String REPORT_ACK_DUE_SOON =
            name("report.ack-due-soon", "the deadline of the device's policy for an acknowledgement is near");
    public static final String REPORT_ACK_MISSING =
            name("report.ack-missing", "the server reports completion but has no acknowledgement of a report");
    public static final String REPORT_ACK_UNMATCHED =
            name("report.ack-unmatched", "the server sent an acknowledgement that matches no report");
    public static final String REPORT_UNREADABLE =
            name("report.unreadable", "a file in the inbox is not a valid report");
    public static final String REPORT_PUT_ASIDE =
            name("report.put-aside", "a file or record was quarantined because reading it ended the relay");
    public static final String REPORT_CLOCK_JUMPED =
            name("report.clock-jumped", "the device's clock jumped within the report");
    public static final String REPORT_NO_SUCH_PATH =
            name("report.no-such-path", "the path for reports answered 404, 405 or a web page");
    public static final String REPORT_NO_NUMBERS = name(
            "report.no-numbers", "SSM does not report the numbers of a virtual account for which reports are sent");
    public static final String DEVICE_NOT_REPORTING =
            name("device.not-reporting", "a device has not reported for longer than its policy allows");

    public static final String DEVICE_UNREACHABLE =
            name("device.unreachable", "a device from which reports are collected is unreachable or does not answer");
    public static final String DEVICE_NOT_TRUSTED =
            name("device.not-trusted", "no trusted TLS connection to a device can be established");
    public static final String DEVICE_LOGIN_REFUSED = name(
            "device.login-refused",
            "a device answered the relay's login with 401 or 403, or no login was sent because of such an answer");
    public static final String DEVICE_NO_SUCH_PATH =
            name("device.no-such-path", "a device answered /smartlic-service with 404 or 405");
    public static final String DEVICE_BAD_ANSWER =
            name("device.bad-answer", "a device's answer contains no readable reports");
    public static final String DEVICE_ACK_REFUSED =
            name("device.ack-refused", "a device refused the acknowledgement of its report");

    public static final String MANAGER_TOO_OLD = name("manager.too-old", "the SD-WAN Manager is older than 20.9.1");
    public static final String MANAGER_VERSION_WELL =
            name("manager.version-well", "the SD-WAN Manager is 20.9.1 or later");
    public static final String MANAGER_LOGIN_REFUSED =
            name("manager.login-refused", "the SD-WAN Manager answered the relay's login with its login page");
    public static final String MANAGER_LOGGED_IN =
            name("manager.logged-in", "the SD-WAN Manager accepted the relay's login");
    public static final String MANAGER_ROLE_MISSING =
            name("manager.role-missing", "the SD-WAN Manager answered 403 to a valid session of the relay");
    public static final String MANAGER_SETTINGS_WRONG =
            name("manager.settings-wrong", "the SD-WAN Manager's license settings do not match SSM");
    public static final String MANAGER_SETTINGS_WELL =
            name("manager.settings-well", "the SD-WAN Manager's license settings match SSM");
    public static final String MANAGER_SYNC_FAILED =
            name("manager.sync-failed", "the SD-WAN Manager reports that its last sync failed");
    public static final String MANAGER_SYNC_STALE =
            name("manager.sync-stale", "the SD-WAN Manager's last successful sync is more than 48 h old");
    public static final String MANAGER_SYNCED =
            name("manager.synced", "the SD-WAN Manager's last sync succeeded within 48 h");
    public static final String MANAGER_SYNC_NOT_TAKEN =
            name("manager.sync-not-taken", "the SD-WAN Manager answered the sync request with 400 or another 4xx");
    public static final String MANAGER_NO_SYNC_PATH =
            name("manager.no-sync-path", "every known path for a sync request answered 404 or 405");

    public static final String KAFKA_REFUSED =
            name("kafka.refused", "Kafka accepts other records, but rejects those of this topic or key");
    public static final String KAFKA_PUBLISHER_REFUSED =
            name("kafka.publisher-refused", "Kafka does not let this relay use the transactional id of its cluster");
    public static final String KAFKA_UNREACHABLE =
            name("kafka.unreachable", "no Kafka broker accepts the relay's records");
    public static final String CLOCK_STEPPED =
            name("clock.stepped", "the clock of the relay's machine was set forward or back while the relay ran");

    public static final String CONFIGURATION_REFUSED =
            name("configuration.refused", "the relay does not use its changed configuration, or not all of it");
    public static final String CONFIGURATION_DIFFERS = name(
            "configuration.differs",
            "relays of the cluster have had different configurations of a site for 15 minutes");

    public static final String RUN_LIMIT = name(
            "run.limit", "a part of the run lasted longer than relay.run.limit and was stopped before its next step");
    public static final String FOLDER_UNUSABLE =
            name("folder.unusable", "a configured folder cannot be read or written");
    public static final String FOLDER_NOT_SHARED = name(
            "folder.not-shared",
            "on this node a folder lacks the marker of the folder that the nodes of the cluster share");
    public static final String STORE_CORRUPT = name("store.corrupt", "the database file is damaged");
    public static final String STORE_UNWRITABLE =
            name("store.unwritable", "the disk or the database cannot be written");

    private static final String OTHER_ERROR = "other-error";
    private static final Set<String> OAUTH_ERRORS = Set.of(
            "invalid-client",
            "invalid-grant",
            "unauthorized-client",
            "unsupported-grant-type",
            "invalid-request",
            "invalid-scope",
            "unauthorized",
            "forbidden",
            OTHER_ERROR);

    static {
        for (String grant : new String[] {"password", "client-credentials"}) {
            name(accepted(grant), "the " + grant + " grant was accepted");
            for (String error : OAUTH_ERRORS) {
                name("oauth." + grant + "." + error, "the " + grant + " grant was refused: " + error);
            }
        }
    }

    private static final String MATCHES = "message.fits-";

    static {
        for (String error : new String[] {
            "invalid-client",
            "invalid-grant",
            "invalid-request",
            "invalid-scope",
            "unauthorized-client",
            "unsupported-grant-type"
        }) {
            name(MATCHES + error, "the text of a message matches " + error);
        }
    }

    private Findings() {}

    /** {@code message.fits-invalid-client}, for an OAuth error code that a message may contain. */
    public static String fitting(String error) {
        return MATCHES + kebab(error);
    }

    /** {@code oauth.password.accepted}, for {@code password} or {@code client_credentials}. */
    public static String accepted(String grant) {
        return "oauth." + kebab(grant) + ".accepted";
    }

    /**
     * {@code oauth.password.invalid-client}, for a grant and an OAuth error code as on the wire; {@code other-error} for an unknown code.
     */
    public static String refused(String grant, String error) {
        // A server may send any word, including one with another meaning here: accepted, withheld.
        String known = OAUTH_ERRORS.contains(kebab(error)) ? kebab(error) : OTHER_ERROR;
        return "oauth." + kebab(grant) + "." + known;
    }

    /** Whether an operator's own probe may have a finding with this name: {@code custom.portal-down}. */
    public static boolean isCustom(String name) {
        return name.startsWith(CUSTOM) && OWN_NAME.matcher(name).matches();
    }

    /** Whether an operator's log pattern may have a finding with this name: {@code local.disk-full}. */
    public static boolean isLocal(String name) {
        return name.startsWith(LOCAL) && OWN_NAME.matcher(name).matches();
    }

    public static boolean known(String name) {
        return MEANINGS.containsKey(name);
    }

    /** All names with their meanings, sorted by name. */
    public static Map<String, String> all() {
        return new TreeMap<>(MEANINGS);
    }

    private static String kebab(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String name(String name, String meaning) {
        MEANINGS.put(name, meaning);
        return name;
    }
}
