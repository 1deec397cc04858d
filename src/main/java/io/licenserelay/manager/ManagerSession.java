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
 * One session at the Manager. It logs in with the form, or with a JSON web token if the version is known to be 20.18.1 or later (both are
 * documented; the form continues to work). An answer with the login page means that the session has expired; the session then logs in once
 * again.
 *
 * <p>A refused password is not sent again until it changes or an operator requests it. After a login without an answer about the password,
 * the next login waits, longer each time. The login method is determined without a password. Used by one thread; closing it always logs
 * out.
 */
public final class ManagerSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerSession.class);
    private static final String FORM = "/j_security_check";
    private static final String TOKEN = "/jwt/login";
    private static final String NEEDS_SESSION = "/dataservice/client/server";
    private static final String JSON_TYPE = "application/json";

    /** Longer than a session lasts. Cisco does not publish whether a token remains valid after a logout. */
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

    private final ManagerServer server;
    private @Nullable String cookie;
    private @Nullable String bearer;
    private @Nullable String xsrf;
    private boolean closed;

    ManagerSession(ManagerServer server) {
        this.server = server;
    }

    /**
     * Sends a read-only request.
     *
     * @param path with its query
     * @throws SsmException for any status other than 200, and for a web page instead of data
     * @throws IOException when no answer was received
     */
    public ManagerAnswer get(String path, String accept) throws IOException {
        ManagerAnswer answer = inSession(
                () -> request(path, accept),
                first -> first.status() == 401 || (first.status() == 200 && first.isPageInsteadOf(accept)));
        if (answer.isPageInsteadOf(accept)) {
            throw loginPageInsteadOf(path, answer);
        }
        return answer;
    }

    /**
     * Sends a request that triggers an action of the Manager. The request is repeated only if the Manager reports that it did not execute
     * it: after 429, or because the session expired.
     *
     * @param body repeatable
     * @throws SsmException for any status other than 200, and for a web page instead of data
     * @throws IOException when no answer was received; the Manager may have executed the request
     */
    public ManagerAnswer post(String path, HttpEntity body) throws IOException {
        ManagerAnswer answer = inSession(() -> send(path, body), ManagerSession::isSessionExpired);
        if (answer.isPage()) {
            throw loginPageInsteadOf(path, answer);
        }
        return answer;
    }

    /** The signs of an expired session: the login page, a refused bearer token, or a filter that rejects the XSRF token. */
    private static boolean isSessionExpired(ManagerAnswer answer) {
        return answer.status() == 401
                || (answer.status() == 200 && answer.isPage())
                || (answer.status() == 403 && answer.body().contains("SessionTokenFilter"));
    }

    private interface Request {
        ManagerAnswer send() throws IOException;
    }

    private ManagerAnswer inSession(Request request, Predicate<ManagerAnswer> isExpired) throws IOException {
        ManagerAnswer answer = request.send();
        if (isExpired.test(answer)) {
            LOG.info(
                    "{}: the session at the Manager has expired; logging in again",
                    server.site().name());
            logOutQuietly();
            logIn();
            answer = request.send();
        }
        if (answer.status() != 200) {
            throw refusal(answer);
        }
        return answer;
    }

    private BadAnswer loginPageInsteadOf(String path, ManagerAnswer page) {
        return BadAnswer.html(server.url(path) + " answered with the login page instead of data", page.exchanged());
    }

    /** Sends the password at most once, and only to one path. */
    void logIn() throws IOException {
        Optional<RejectedCredentials.Refusal> earlier = server.attempts().earlier(server.credential());
        if (earlier.isPresent()) {
            checkAttemptAllowed(earlier.get());
        }
        LoginDialect dialect = dialect(earlier.isPresent());
        server.attempts().make(server.credential(), null, () -> logIn(dialect));
        if (bearer == null) {
            xsrf = request("/dataservice/client/token", "*/*").body().strip();
            discardInvalidXsrfToken();
        }
    }

    private void checkAttemptAllowed(RejectedCredentials.Refusal earlier) throws SsmException {
        if (earlier.kind() == RejectedCredentials.Kind.REFUSAL) {
            throw withheld(earlier);
        }
        if (server.clock().instant().isBefore(PasswordAttemptLog.due(earlier))) {
            throw notDueYet(earlier);
        }
    }

    /**
     * Determines the login method without a password: a request that needs a session gets the login page, whose form contains its path, or
     * 401. After an outage this also shows whether the Manager answers at all.
     */
    private LoginDialect dialect(boolean afterOutage) throws IOException {
        LoginDialect known = server.dialect();
        if (known != null && !afterOutage) {
            return known;
        }
        ManagerVersion version = server.version();
        boolean mayHaveTokens = version != null && !version.isBefore(ManagerVersion.TOKENS);
        ManagerAnswer answer = mayHaveTokens ? send(TOKEN, "{}") : request(NEEDS_SESSION, JSON_TYPE);
        if (answer.status() == 429 || answer.status() >= 500) {
            throw refusal(answer);
        }
        if (!mayHaveTokens && answer.isPage() && !answer.isLoginPage()) {
            throw BadAnswer.html(host() + " answered with a page that is not its login page", answer.exchanged());
        }
        boolean pathMissing = answer.status() == 404 || answer.status() == 405;
        boolean usesToken = mayHaveTokens ? !pathMissing : answer.status() == 401;
        LoginDialect found = usesToken ? LoginDialect.TOKEN : LoginDialect.FORM;
        server.recordDialect(found);
        return found;
    }

    private ManagerAnswer logIn(LoginDialect dialect) throws IOException {
        ManagerAnswer answer = dialect == LoginDialect.TOKEN ? logInByToken() : logInByForm();
        if (answer.status() == 404 || answer.status() == 405) {
            // The next login determines the method again; the password is not sent to another path now.
            server.recordDialect(null);
        }
        boolean page = answer.status() == 200 && answer.isPage();
        if (page && !answer.isLoginPage()) {
            throw BadAnswer.html(
                    host() + " answered the login with a page that is not its login page", answer.exchanged());
        }
        if (page || answer.status() == 401 || answer.status() == 403) {
            String name = user().name();
            String refusalText = page
                    ? " answered the login of " + name + " with its login page"
                    : " refused the login of " + name + " (" + answer.status() + ")";
            throw new LoginRefused(host() + refusalText, answer.exchanged());
        }
        if (answer.status() != 200 || (cookie == null && bearer == null)) {
            throw answer.status() == 200
                    ? BadAnswer.shape("the answer to the login", "has no session")
                    : refusal(answer);
        }
        return answer;
    }

    /** A valid XSRF token has 40 to 400 letters and digits. The format of other tokens is unknown, so they are not sent. */
    private void discardInvalidXsrfToken() {
        if (xsrf != null && xsrf.matches("[A-Za-z0-9+/=_.-]{16,1000}")) {
            server.learn(xsrf);
        } else {
            xsrf = null;
        }
    }

    private ManagerAnswer logInByForm() throws IOException {
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

    private ManagerAnswer logInByToken() throws IOException {
        cookie = null;
        ManagerAnswer answer = send(
                TOKEN,
                Json.MAPPER.writeValueAsString(Map.of(
                        "username",
                        user().name(),
                        "password",
                        user().password().revealText(),
                        "duration",
                        TOKEN_LIFETIME.toSeconds())));
        if (answer.status() == 200 && !answer.isPage()) {
            JsonNode json = answer.json();
            bearer = json.path("token").asText(null);
            xsrf = json.path("csrf").asText(null);
            if (bearer != null) {
                server.learn(bearer);
            }
            discardInvalidXsrfToken();
        }
        return answer;
    }

    /** Sends a request without a session, and never repeats it. */
    private ManagerAnswer send(String path, String json) throws IOException {
        return server.send(server.call("POST", path).body(new StringEntity(json, ContentType.APPLICATION_JSON)));
    }

    private ManagerAnswer request(String path, String accept) throws IOException {
        return server.send(
                withSession(server.call("GET", path)).header("Accept", accept).repeat(Repeat.AFTER_429_OR_503));
    }

    private ManagerAnswer send(String path, HttpEntity body) throws IOException {
        return server.send(withSession(server.call("POST", path))
                .header("Accept", JSON_TYPE)
                .body(body)
                .repeat(Repeat.AFTER_429));
    }

    private HttpCall withSession(HttpCall call) {
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
            server.recordPause(unavailable);
        }
        return refusal;
    }

    /** The exception for a withheld password. It has the earlier answer, so the diagnosis stays the same while nothing is sent. */
    private LoginRefused withheld(RejectedCredentials.Refusal earlier) {
        HttpExchangeRecord exchange = new HttpExchangeRecord(
                "POST", server.url(FORM), earlier.status(), Map.of(), null, earlier.at(), Duration.ZERO);
        return new LoginRefused(
                host() + " refused the login of " + user().name() + " at " + earlier.at()
                        + "; the password has not been sent since: change the password or the user, or run `license-relay sync --site "
                        + server.site().name() + "`",
                exchange);
    }

    /**
     * The exception for a login that is not due yet after an attempt without an answer about the password. It has the error of that
     * attempt.
     */
    private SsmException notDueYet(RejectedCredentials.Refusal outage) {
        String phrase = "the login of " + user().name() + " at " + host() + " got no answer about the password at "
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

    private String host() {
        return server.manager().url().getHost();
    }

    private Site.User user() {
        return server.manager().user();
    }

    /** Logs out if logged in, and releases the session for the next caller. A failed logout is only logged. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            logOutQuietly();
        } finally {
            server.sessionEnded();
        }
    }

    private void logOutQuietly() {
        // A cancelled session also logs out, because the number of sessions is limited.
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
        if (isLoggedOut(logOut(post)) || isLoggedOut(logOut(!post))) {
            return;
        }
        LOG.warn("{}: the Manager rejected the logout", server.site().name());
    }

    private int logOut(boolean post) throws IOException {
        HttpCall call = post
                ? server.call("POST", "/logout")
                : server.call(
                        "GET", "/logout?nocache=" + server.clock().instant().getEpochSecond());
        return server.send(withSession(call)).status();
    }

    /** The Manager redirects to its first page after a logout. */
    private static boolean isLoggedOut(int status) {
        return status / 100 == 3;
    }
}
