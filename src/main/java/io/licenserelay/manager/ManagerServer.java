package io.licenserelay.manager;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.HttpAnswer;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.ServerClient;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.SsmUnavailable;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.json.JsonTreeSize;
import io.licenserelay.ssm.token.PasswordAttemptLog;
import io.licenserelay.ssm.token.RejectedCredentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The SD-WAN Manager of one site. Only one session is open at a time, because a Manager has a limit of 250 sessions. Connections have the
 * limits of {@code ssm.limits}. An answer may have at most 16 MiB and take at most two minutes. Thread-safe.
 */
public final class ManagerServer implements AutoCloseable {
    private static final long LARGEST = 16L << 20;
    private static final int PIECE = 16 * 1024;
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration LEAVING = Duration.ofSeconds(5);
    private static final Pattern SESSION = Pattern.compile("^\\s*JSESSIONID=([^;\\s]{1,500})");

    private final Site site;
    private final SdwanManager manager;
    private final HttpSender http;
    private final ServerClient client;
    private final PasswordAttemptLog attempts;
    private final Redactor redactor;
    private final Clock clock;
    private final ReentrantLock session = new ReentrantLock(true);
    private final AnswerMemory.Lease held;
    private volatile @Nullable ManagerVersion version;
    private volatile @Nullable LoginDialect dialect;
    private static final Duration LONGEST_PUT_OFF = Duration.ofHours(1);

    private volatile Instant notBefore = Instant.EPOCH;

    /**
     * @param refusals shared by all senders of the password, so that a refused password is withheld
     * @param http sends the requests
     * @param redactor learns every session ID and token
     * @throws IOException when a trust file cannot be read
     * @throws IllegalArgumentException when the site has no Manager
     */
    public ManagerServer(Site site, RejectedCredentials refusals, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        SdwanManager configured = site.manager();
        if (configured == null) {
            throw new IllegalArgumentException("site " + site.name() + " has no manager");
        }
        this.site = site;
        this.manager = configured;
        this.attempts = new PasswordAttemptLog(refusals, clock);
        this.redactor = redactor;
        this.clock = clock;
        this.held = AnswerMemory.ofProcess().lease(site.name());
        this.http = http;
        this.client = new ServerClient(
                new ServerClient.Server(manager.trust(), site.ssm().limits().atMost(LONGEST, LARGEST), null, 1));
    }

    /**
     * Logs in. Closing the session logs out. Waits while another thread has a session open.
     *
     * @param patience maximum wait for the other session
     * @throws LoginRefused when the Manager refuses the login, or refused it before
     * @throws IOException when the answer is invalid or missing, or the other session lasts too long
     */
    public ManagerSession open(Duration patience) throws IOException {
        acquireSession(patience);
        ManagerSession session = new ManagerSession(this);
        try {
            session.logIn();
            return session;
        } catch (IOException | RuntimeException refused) {
            session.close();
            throw refused;
        }
    }

    /** The end of the pause that the Manager requested; in the past if there is none. */
    public Instant notBefore() {
        return notBefore;
    }

    /** Whether the pause is still running. A pause longer than the Manager can request means that the clock was set back; it is ignored. */
    public boolean isPutOff() {
        Instant now = clock.instant();
        return now.isBefore(notBefore) && !now.plus(LONGEST_PUT_OFF).isBefore(notBefore);
    }

    /** Waits a few seconds for an open session to end, then closes the connections. */
    @Override
    public void close() throws IOException {
        try {
            boolean acquired = session.tryLock(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
            if (acquired) {
                session.unlock();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        held.close();
        client.close();
    }

    private void acquireSession(Duration patience) throws IOException {
        try {
            if (!session.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedIOException("another session at the Manager is open");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another session at the Manager was open");
        }
    }

    /** Closes idle connections: the next session is minutes away, and a middlebox may drop an idle connection silently. */
    void sessionEnded() {
        held.reset();
        client.closeIdle();
        session.unlock();
    }

    public Site site() {
        return site;
    }

    public SdwanManager manager() {
        return manager;
    }

    @Nullable
    ManagerVersion version() {
        return version;
    }

    /** Stores the version, because the next login depends on it. */
    void recordVersion(ManagerVersion reported) {
        if (!reported.equals(version)) {
            dialect = null;
        }
        version = reported;
    }

    /** The login method, or null if it is unknown. */
    @Nullable
    LoginDialect dialect() {
        return dialect;
    }

    void speaks(@Nullable LoginDialect found) {
        dialect = found;
    }

    PasswordAttemptLog attempts() {
        return attempts;
    }

    RejectedCredentials.Credential credential() {
        return new RejectedCredentials.Credential(
                site.name(),
                site.name() + "/manager",
                manager.url() + "\n" + manager.user().name(),
                List.of(manager.user().password()));
    }

    public void allowAttempt() {
        attempts.allow(credential());
    }

    public Clock clock() {
        return clock;
    }

    void learn(String secret) {
        redactor.learn(secret.toCharArray());
    }

    /** Stores the pause that the Manager requested with 429 or 503. */
    void recordPause(SsmUnavailable unavailable) {
        Duration retryAfter = unavailable.retryAfter();
        if (retryAfter != null) {
            notBefore = clock.instant().plus(retryAfter.compareTo(LONGEST_PUT_OFF) > 0 ? LONGEST_PUT_OFF : retryAfter);
        }
    }

    String url(String path) {
        return HttpCall.url(manager.url(), path);
    }

    /** A request without a session, sent once. */
    HttpCall call(String method, String path) {
        return HttpCall.ofSession(site, Step.MANAGER_STATE, method, url(path), clock.instant());
    }

    /**
     * Sends the request and returns the answer, including 429 and 5xx. The memory budget counts one answer at a time.
     *
     * @throws IOException when no answer was received, or the answer exceeds a limit
     */
    ManagerAnswer send(HttpCall call) throws IOException {
        held.reset();
        try (HttpAnswer answer = http.send(call.to(client))) {
            String body = body(answer);
            boolean shown = answer.status() != 200 || ManagerAnswer.isPage(body);
            HttpExchangeRecord exchanged = shown ? answer.exchanged() : answer.exchangedWithoutBody();
            return new ManagerAnswer(answer.status(), body, sessions(answer), exchanged);
        } catch (SsmUnavailable unavailable) {
            HttpExchangeRecord exchanged = Objects.requireNonNull(unavailable.exchange());
            return new ManagerAnswer(
                    Objects.requireNonNullElse(exchanged.status(), 0),
                    Objects.requireNonNullElse(exchanged.body(), ""),
                    List.of(),
                    exchanged);
        }
    }

    private static List<String> sessions(HttpAnswer answer) {
        return answer.cookies().stream()
                .map(SESSION::matcher)
                .filter(Matcher::find)
                .map(session -> session.group(1))
                .toList();
    }

    /** The body as text. The budget counts the bytes, the text and the JSON tree that may be built from it. */
    private String body(HttpAnswer answer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        for (int read = answer.read(piece); read >= 0; read = answer.read(piece)) {
            held.grow(2L * read);
            bytes.write(piece, 0, read);
        }
        String body = bytes.toString(StandardCharsets.UTF_8);
        held.grow(JsonTreeSize.bytes(body));
        return body;
    }
}
