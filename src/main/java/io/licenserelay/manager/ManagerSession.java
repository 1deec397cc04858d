package io.licenserelay.manager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.licenserelay.evidence.Exchanged;
import io.licenserelay.manager.ManagerServer.Repeat;
import io.licenserelay.site.Site;
import io.licenserelay.ssm.BadAnswer;
import io.licenserelay.ssm.Refusals;
import io.licenserelay.ssm.SsmAnswers;
import io.licenserelay.ssm.SsmException;
import io.licenserelay.ssm.SsmUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
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
 * the form goes on working); an answer that is the login page means that the session is over, and one more login is made. A password
 * that was refused is not sent again until it changes. Used by one thread; closing it always logs out.
 */
public final class ManagerSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagerSession.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORM = "/j_security_check";
    private static final String TOKEN = "/jwt/login";

    /** Longer than a stay lasts; what becomes of a token after a logout is not public. */
    private static final Duration STAY = Duration.ofMinutes(10);

    private final ManagerServer server;
    private final Refusals refusals;
    private @Nullable String cookie;
    private @Nullable String bearer;
    private @Nullable String xsrf;
    private boolean left;

    ManagerSession(ManagerServer server, Refusals refusals) {
        this.server = server;
        this.refusals = refusals;
    }

    /**
     * Reads something.
     *
     * @param path with its query
     * @throws SsmException for any status but 200, and for a page instead of an answer
     * @throws IOException when no answer came
     */
    Answer get(String path, String accept) throws IOException {
        Answer answer = inSession(
                () -> ask(path, accept),
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
    Answer post(String path, HttpEntity body) throws IOException {
        Answer answer = inSession(() -> send(path, body), ManagerSession::saysThatTheSessionIsOver);
        if (answer.isPage()) {
            throw instead(path, answer);
        }
        return answer;
    }

    /** Its login page, a refused bearer token, or a filter that does not know our token. */
    private static boolean saysThatTheSessionIsOver(Answer answer) {
        return answer.status() == 401
                || (answer.status() == 200 && answer.isPage())
                || (answer.status() == 403 && answer.body().contains("SessionTokenFilter"));
    }

    private interface Request {
        Answer send() throws IOException;
    }

    private Answer inSession(Request request, Predicate<Answer> isOver) throws IOException {
        Answer answer = request.send();
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

    private BadAnswer instead(String path, Answer page) {
        return BadAnswer.html("the login page came from " + server.url(path) + " instead of data", page.exchanged());
    }

    void logIn() throws IOException {
        Refusals.Credential credential = credential();
        Optional<Refusals.Refusal> earlier = refusals.of(credential);
        if (earlier.isPresent()) {
            throw withheld(earlier.get());
        }
        Version version = server.version();
        boolean token = version != null && !version.isBefore(Version.TOKENS);
        Answer answer = token ? byToken() : byForm();
        if (answer.status() == 404 || answer.status() == 405) {
            answer = token ? byForm() : byToken();
        }
        boolean page = answer.status() == 200 && answer.isPage();
        if (page && !answer.isLoginPage()) {
            throw BadAnswer.html(where() + " answered our login with another page than its own", answer.exchanged());
        }
        if (page || answer.status() == 401 || answer.status() == 403) {
            refusals.remember(credential, "login-refused", answer.status());
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
        if (bearer == null) {
            xsrf = ask("/dataservice/client/token", "*/*").body().strip();
            keepToken();
        }
    }

    /** What a token of another kind than 40 to 400 letters and digits is, is not known: then none is sent. */
    private void keepToken() {
        if (xsrf != null && xsrf.matches("[A-Za-z0-9+/=_.-]{16,1000}")) {
            server.learn(xsrf);
        } else {
            xsrf = null;
        }
    }

    private Answer byForm() throws IOException {
        HttpPost login = new HttpPost(server.url(FORM));
        login.setEntity(new UrlEncodedFormEntity(
                List.of(
                        new BasicNameValuePair("j_username", user().name()),
                        new BasicNameValuePair("j_password", user().password().revealText())),
                StandardCharsets.UTF_8));
        bearer = null;
        Answer answer = server.send(login, server.url(FORM), Repeat.NEVER);
        if (answer.status() == 200 && !answer.isPage() && !answer.sessions().isEmpty()) {
            cookie = answer.sessions().get(answer.sessions().size() - 1);
            server.learn(cookie);
        }
        return answer;
    }

    private Answer byToken() throws IOException {
        HttpPost login = new HttpPost(server.url(TOKEN));
        String body = JSON.writeValueAsString(Map.of(
                "username", user().name(), "password", user().password().revealText(), "duration", STAY.toSeconds()));
        login.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        cookie = null;
        Answer answer = server.send(login, server.url(TOKEN), Repeat.NEVER);
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

    private Answer ask(String path, String accept) throws IOException {
        HttpGet get = new HttpGet(server.url(path));
        get.setHeader("Accept", accept);
        return server.send(signed(get), server.url(path), Repeat.ALWAYS);
    }

    private Answer send(String path, HttpEntity body) throws IOException {
        HttpPost post = new HttpPost(server.url(path));
        post.setHeader("Accept", "application/json");
        post.setEntity(body);
        return server.send(signed(post), server.url(path), Repeat.AFTER_429);
    }

    private <R extends HttpUriRequestBase> R signed(R request) {
        if (cookie != null) {
            request.setHeader("Cookie", "JSESSIONID=" + cookie);
        }
        if (bearer != null) {
            request.setHeader("Authorization", "Bearer " + bearer);
        }
        if (xsrf != null) {
            request.setHeader("X-XSRF-TOKEN", xsrf);
        }
        return request;
    }

    private SsmException refusal(Answer answer) {
        SsmException refusal =
                SsmAnswers.refusal(answer.exchanged(), server.clock().instant());
        if (refusal instanceof SsmUnavailable unavailable) {
            server.heed(unavailable);
        }
        return refusal;
    }

    /** The earlier answer still stands, so the diagnosis stays the same while nothing is sent. */
    private LoginRefused withheld(Refusals.Refusal earlier) {
        Exchanged exchange =
                new Exchanged("POST", server.url(FORM), earlier.status(), Map.of(), null, earlier.at(), Duration.ZERO);
        return new LoginRefused(
                where() + " refused the login of " + user().name() + " at " + earlier.at()
                        + "; no password was sent since: it, or the user, has to change",
                exchange);
    }

    private Refusals.Credential credential() {
        return new Refusals.Credential(
                server.site().name() + "/manager",
                server.manager().url() + "\n" + user().name(),
                List.of(user().password()));
    }

    private Site.User user() {
        return server.manager().user();
    }

    private String where() {
        return server.manager().url().getHost();
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
        Version version = server.version();
        boolean post = version == null || Version.LOGOUT_BY_GET.isBefore(version);
        if (isOut(logOut(post)) || isOut(logOut(!post))) {
            return;
        }
        LOG.warn("{}: the Manager does not take our logout", server.site().name());
    }

    private int logOut(boolean post) throws IOException {
        String url = server.url("/logout");
        HttpUriRequestBase request = post
                ? new HttpPost(url)
                : new HttpGet(url + "?nocache=" + server.clock().instant().getEpochSecond());
        return server.send(signed(request), url, Repeat.NEVER).status();
    }

    /** It sends whoever left to its first page. */
    private static boolean isOut(int status) {
        return status / 100 == 3;
    }
}
