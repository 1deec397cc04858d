package io.licenserelay.manager;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.HttpCall.Repeat;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmUnavailable;
import io.licenserelay.ssm.token.PasswordAttemptLog;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stay at the Manager. It logs in by form, or by JSON web token where the version is known to be 20.18.1 or later (both documented,
 * the form goes on working); an answer that is the login page means that the session is over, and one more login is made.
 *
 * <p>A password that was refused is not sent again until it changes or an operator asks. A login that got no answer about the password is
 * put off, for longer each time. Which login the Manager has is found out without a password. Used by one thread; closing it always
 * logs out.
 */
public final class ManagerSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerSession.class);
    private static final String FORM = "/j_security_check";
    private static final String TOKEN = "/jwt/login";
    private static final String NEEDS_SESSION = "/dataservice/client/server";
    private static final String JSON_TYPE = "application/json";

    /** Longer than a stay lasts; what becomes of a token after a logout is not public. */
    private static final Duration STAY = Duration.ofMinutes(10);

    private final ManagerServer server;
    private @Nullable String cookie;
    private @Nullable String bearer;
    private @Nullable String xsrf;
    private boolean left;

    ManagerSession(ManagerServer server) {
        this.server = server;
    }

    /**
     * Reads something.
     *
     * @param path with its query
     * @throws SsmException for any status but 200, and for a page instead of an answer
     * @throws IOException when no answer came
     */
    public ManagerAnswer get(String path, String accept) throws IOException {
        ManagerAnswer answer = inSession(
                () -> request(path, accept),
                first -> first.status() == 401 || (first.status() == 200 && first.isPageInsteadOf(accept)));
        if (answer.isPageInsteadOf(accept)) {
            throw instead(path, answer);
        }
        return answer;
    }

    /**
     * Makes the Manager do something. It is made again when the Manager says that it was not done: by 429, or because the session is over.
     *
     * @param body repeatable
     * @throws SsmException for any status but 200, and for a page instead of an answer
     * @throws IOException when no answer came, so that nobody knows whether it was done
     */
    public ManagerAnswer post(String path, HttpEntity body) throws IOException {
        ManagerAnswer answer = inSession(() -> send(path, body), ManagerSession::saysThatTheSessionIsOver);
        if (answer.isPage()) {
            throw instead(path, answer);
        }
        return answer;
    }

    /** Its login page, a refused bearer token, or a filter that does not know our token. */
    private static boolean saysThatTheSessionIsOver(ManagerAnswer answer) {
        return answer.status() == 401
                || (answer.status() == 200 && answer.isPage())
                || (answer.status() == 403 && answer.body().contains("SessionTokenFilter"));
    }

    private interface Request {
        ManagerAnswer send() throws IOException;
    }

    private ManagerAnswer inSession(Request request, Predicate<ManagerAnswer> isOver) throws IOException {
        ManagerAnswer answer = request.send();
        if (isOver.test(answer)) {
            LOG.info(
                    "{}: the session at the Manager is over, logging in once more",
                    server.site().name());
            leave();
            logIn();
            answer = request.send();
        }
        if (answer.status() != 200) {
            throw refusal(answer);
        }
        return answer;
    }

    private BadAnswer instead(String path, ManagerAnswer page) {
        return BadAnswer.html("the login page came from " + server.url(path) + " instead of data", page.exchanged());
    }

    /** The password is sent once at most, and to one path only. */
    void logIn() throws IOException {
        Optional<RejectedCredentials.Refusal> earlier = server.attempts().earlier(server.credential());
        if (earlier.isPresent()) {
            check(earlier.get());
        }
        LoginDialect dialect = dialect(earlier.isPresent());
        server.attempts().make(server.credential(), null, () -> logIn(dialect));
        if (bearer == null) {
            xsrf = request("/dataservice/client/token", "*/*").body().strip();
            keepToken();
        }
    }

    private void check(RejectedCredentials.Refusal earlier) throws SsmException {
        if (earlier.kind() == RejectedCredentials.Kind.REFUSAL) {
            throw withheld(earlier);
        }
        if (server.clock().instant().isBefore(PasswordAttemptLog.due(earlier))) {
            throw putOff(earlier);
        }
    }

    /**
     * Finds out without a password how the Manager takes a login: what needs a session is answered by the login page, whose form names
     * its path, or by 401. After an outage this also shows whether the Manager answers at all.
     */
    private LoginDialect dialect(boolean afterOutage) throws IOException {
        LoginDialect known = server.dialect();
        if (known != null && !afterOutage) {
            return known;
        }
        ManagerVersion version = server.version();
        boolean tokens = version != null && !version.isBefore(ManagerVersion.TOKENS);
        ManagerAnswer answer = tokens ? send(TOKEN, "{}") : request(NEEDS_SESSION, JSON_TYPE);
        if (answer.status() == 429 || answer.status() >= 500) {
            throw refusal(answer);
        }
        if (!tokens && answer.isPage() && !answer.isLoginPage()) {
            throw BadAnswer.html(where() + " answered with another page than its login page", answer.exchanged());
        }
        boolean missing = answer.status() == 404 || answer.status() == 405;
        boolean byToken = tokens ? !missing : answer.status() == 401;
        LoginDialect found = byToken ? LoginDialect.TOKEN : LoginDialect.FORM;
        server.speaks(found);
        return found;
    }

    private ManagerAnswer logIn(LoginDialect dialect) throws IOException {
        ManagerAnswer answer = dialect == LoginDialect.TOKEN ? byToken() : byForm();
        if (answer.status() == 404 || answer.status() == 405) {
            // The next login finds out anew; another path is not tried with the password now.
            server.speaks(null);
        }
        boolean page = answer.status() == 200 && answer.isPage();
        if (page && !answer.isLoginPage()) {
            throw BadAnswer.html(where() + " answered our login with another page than its own", answer.exchanged());
        }
        if (page || answer.status() == 401 || answer.status() == 403) {
            String name = user().name();
            String how = page
                    ? " answered the login of " + name + " with its login page"
                    : " refused the login of " + name + " (" + answer.status() + ")";
            throw new LoginRefused(where() + how, answer.exchanged());
        }
        if (answer.status() != 200 || (cookie == null && bearer == null)) {
            throw answer.status() == 200
                    ? BadAnswer.shape("the answer to the login", "has no session")
                    : refusal(answer);
        }
        return answer;
    }

    /** What a token of another kind than 40 to 400 letters and digits is, is not known: then none is sent. */
    private void keepToken() {
        if (xsrf != null && xsrf.matches("[A-Za-z0-9+/=_.-]{16,1000}")) {
            server.learn(xsrf);
        } else {
            xsrf = null;
        }
    }

    private ManagerAnswer byForm() throws IOException {
        HttpCall login = server.call("POST", FORM)
                .body(new UrlEncodedFormEntity(
                        List.of(
                                new BasicNameValuePair("j_username", user().name()),
                                new BasicNameValuePair(
                                        "j_password", user().password().revealText())),
                        StandardCharsets.UTF_8));
        bearer = null;
        ManagerAnswer answer = server.send(login);
        if (answer.status() == 200 && !answer.isPage() && !answer.sessions().isEmpty()) {
            cookie = answer.sessions().get(answer.sessions().size() - 1);
            server.learn(cookie);
        }
        return answer;
    }

    private ManagerAnswer byToken() throws IOException {
        cookie = null;
        ManagerAnswer answer = send(
                TOKEN,
                Json.MAPPER.writeValueAsString(Map.of(
                        "username",
                        user().name(),
                        "password",
                        user().password().revealText(),
                        "duration",
                        STAY.toSeconds())));
        if (answer.status() == 200 && !answer.isPage()) {
            JsonNode json = answer.json();
            bearer = json.path("token").asText(null);
            xsrf = json.path("csrf").asText(null);
            if (bearer != null) {
                server.learn(bearer);
            }
            keepToken();
        }
        return answer;
    }

    /** Outside of any session, and never repeated. */
    private ManagerAnswer send(String path, String json) throws IOException {
        return server.send(server.call("POST", path).body(new StringEntity(json, ContentType.APPLICATION_JSON)));
    }

    private ManagerAnswer request(String path, String accept) throws IOException {
        return server.send(
                signed(server.call("GET", path)).header("Accept", accept).repeat(Repeat.AFTER_429_OR_503));
    }

    private ManagerAnswer send(String path, HttpEntity body) throws IOException {
        return server.send(signed(server.call("POST", path))
                .header("Accept", JSON_TYPE)
                .body(body)
                .repeat(Repeat.AFTER_429));
    }

    private HttpCall signed(HttpCall call) {
        if (cookie != null) {
            call.header("Cookie", "JSESSIONID=" + cookie);
        }
        if (bearer != null) {
            call.header("Authorization", "Bearer " + bearer);
        }
        if (xsrf != null) {
            call.header("X-XSRF-TOKEN", xsrf);
        }
        return call;
    }

    private SsmException refusal(ManagerAnswer answer) {
        SsmException refusal =
                HttpAnswerCheck.refusal(answer.exchanged(), server.clock().instant());
        if (refusal instanceof SsmUnavailable unavailable) {
            server.heed(unavailable);
        }
        return refusal;
    }

    /** The earlier answer still stands, so the diagnosis stays the same while nothing is sent. */
    private LoginRefused withheld(RejectedCredentials.Refusal earlier) {
        HttpExchangeRecord exchange = new HttpExchangeRecord(
                "POST", server.url(FORM), earlier.status(), Map.of(), null, earlier.at(), Duration.ZERO);
        return new LoginRefused(
                where() + " refused the login of " + user().name() + " at " + earlier.at()
                        + "; no password was sent since: change it, or the user, or run `license-relay sync`",
                exchange);
    }

    /** Nothing is sent so soon after a login that got no answer about the password. The error is that of the login. */
    private SsmException putOff(RejectedCredentials.Refusal outage) {
        String phrase = "the login of " + user().name() + " at " + where() + " got no answer about the password at "
                + outage.at() + " (" + outage.error() + "), so the next one is due at "
                + PasswordAttemptLog.due(outage);
        if (outage.kind() == RejectedCredentials.Kind.SENT) {
            return new SsmException("relay.attempt-unknown", phrase, List.of(), null);
        }
        if (outage.status() == 0) {
            List<Finding> findings =
                    Findings.known(outage.error()) ? List.of(new Finding(outage.error(), phrase)) : List.of();
            return new SsmException(outage.error(), phrase, findings, null);
        }
        HttpExchangeRecord exchange = new HttpExchangeRecord(
                "POST", server.url(FORM), outage.status(), Map.of(), null, outage.at(), Duration.ZERO);
        List<Finding> findings = HttpAnswerCheck.refusal(exchange, null).findings().stream()
                .map(each -> new Finding(each.name(), phrase))
                .toList();
        return new SsmException(outage.error(), phrase, findings, exchange);
    }

    private String where() {
        return server.manager().url().getHost();
    }

    private Site.User user() {
        return server.manager().user();
    }

    /** Logs out, if somebody is logged in, and lets the next one in. What goes wrong with that is only logged. */
    @Override
    public void close() {
        if (left) {
            return;
        }
        left = true;
        try {
            leave();
        } finally {
            server.left();
        }
    }

    private void leave() {
        // A look that was cancelled is logged out all the same: sessions are few.
        boolean interrupted = Thread.interrupted();
        try {
            if (cookie != null || bearer != null) {
                logOut();
            }
        } catch (IOException | RuntimeException failed) {
            LOG.warn("{}: the logout at the Manager failed: {}", server.site().name(), failed.toString());
        } finally {
            cookie = null;
            bearer = null;
            xsrf = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void logOut() throws IOException {
        ManagerVersion version = server.version();
        boolean post = version == null || ManagerVersion.LOGOUT_BY_GET.isBefore(version);
        if (isOut(logOut(post)) || isOut(logOut(!post))) {
            return;
        }
        LOG.warn("{}: the Manager does not take our logout", server.site().name());
    }

    private int logOut(boolean post) throws IOException {
        HttpCall call = post
                ? server.call("POST", "/logout")
                : server.call(
                        "GET", "/logout?nocache=" + server.clock().instant().getEpochSecond());
        return server.send(signed(call)).status();
    }

    /** It sends whoever left to its first page. */
    private static boolean isOut(int status) {
        return status / 100 == 3;
    }
}
