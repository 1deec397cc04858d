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
 * One site's SD-WAN Manager as the relay reaches it. One session at a time is open, since a Manager has only so many (250). Its
 * connections keep the limits of {@code ssm.limits}; no answer is larger than 16 MiB or takes longer than two minutes. Thread-safe.
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
    private final ReentrantLock one = new ReentrantLock(true);
    private final AnswerMemory.Lease held;
    private volatile @Nullable ManagerVersion version;
    private volatile @Nullable LoginDialect dialect;
    private static final Duration LONGEST_PUT_OFF = Duration.ofHours(1);

    private volatile Instant notBefore = Instant.EPOCH;

    /**
     * @param refusals shared by all that send the password, so that a password that was refused is withheld
     * @param http sends the requests
     * @param redactor learns every session and token
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
     * Logs in; closing what comes logs out. Waits for a session that another thread has open.
     *
     * @throws LoginRefused when the Manager does not let us in, or did not before
     * @throws IOException when it does not answer as it should, or the other session lasts too long
     */
    public ManagerSession open(Duration patience) throws IOException {
        takeTurn(patience);
        ManagerSession session = new ManagerSession(this);
        try {
            session.logIn();
            return session;
        } catch (IOException | RuntimeException refused) {
            session.close();
            throw refused;
        }
    }

    /** Until when the Manager asked to be left alone; in the past when it did not. */
    public Instant notBefore() {
        return notBefore;
    }

    /** Whether that is still to come. More than it ever asks for is left only where the clock was set back. */
    public boolean isPutOff() {
        Instant now = clock.instant();
        return now.isBefore(notBefore) && !now.plus(LONGEST_PUT_OFF).isBefore(notBefore);
    }

    /** Waits a moment for an open session to be left. */
    @Override
    public void close() throws IOException {
        try {
            boolean left = one.tryLock(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
            if (left) {
                one.unlock();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        held.close();
        client.close();
    }

    private void takeTurn(Duration patience) throws IOException {
        try {
            if (!one.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedIOException("another look at the Manager is under way");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another look at the Manager is under way");
        }
    }

    /** The next session is minutes away: no connection is kept for it, since a middlebox would drop it unseen. */
    void left() {
        held.reset();
        client.closeIdle();
        one.unlock();
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

    /** Remembered for the next login, which depends on it. */
    void recordVersion(ManagerVersion reported) {
        if (!reported.equals(version)) {
            dialect = null;
        }
        version = reported;
    }

    /** How it takes a login; null until that is found out. */
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

    /** The Manager is slowed down by us, and said for how long to stay away. */
    void heed(SsmUnavailable unavailable) {
        Duration retryAfter = unavailable.retryAfter();
        if (retryAfter != null) {
            notBefore = clock.instant().plus(retryAfter.compareTo(LONGEST_PUT_OFF) > 0 ? LONGEST_PUT_OFF : retryAfter);
        }
    }

    String url(String path) {
        return HttpCall.url(manager.url(), path);
    }

    /** A request outside of any session, sent once. */
    HttpCall call(String method, String path) {
        return HttpCall.ofSession(site, Step.MANAGER_STATE, method, url(path), clock.instant());
    }

    /**
     * The answer, also of a Manager that cannot answer now.
     *
     * @throws IOException when no answer came, or one beyond the limits; one answer at a time counts as held
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

    /** As text, which exists besides the bytes for a moment; what its tree would take counts as well, since one may be made of it. */
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
