package io.licenserelay.manager;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.SdwanManager;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.SafeHeaders;
import io.licenserelay.http.ServerClient;
import io.licenserelay.http.failure.SsmUnavailable;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.json.JsonTreeSize;
import io.licenserelay.ssm.token.PasswordAttemptLog;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One site's SD-WAN Manager as the relay reaches it. One session at a time is open, since a Manager has only so many (250). Its
 * connections keep the limits of {@code ssm.limits}; no answer is larger than 16 MiB or takes longer than two minutes. Thread-safe.
 */
public final class ManagerServer implements AutoCloseable {
    /** Attribute of a request: its {@link Repeat}. */
    static final String REPEAT = "license-relay.repeat";

    private static final long LARGEST = 16L << 20;
    private static final int PIECE = 16 * 1024;
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration LEAVING = Duration.ofSeconds(5);
    private static final Pattern SESSION = Pattern.compile("^\\s*JSESSIONID=([^;\\s]{1,500})");

    private final Site site;
    private final SdwanManager manager;
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

    /** When a request is made again because the Manager slows us down. */
    enum Repeat {
        NEVER,
        /** It makes the Manager do something, and 429 says that it did not. */
        AFTER_429,
        /** It only reads. */
        ALWAYS
    }

    /**
     * @param redactor learns every session and token
     * @throws IOException when a trust file cannot be read
     * @throws IllegalArgumentException when the site has no Manager
     */
    public ManagerServer(Site site, Database database, Redactor redactor, Clock clock) throws IOException {
        this(site, RejectedCredentials.keeping(database, clock), redactor, clock);
    }

    /**
     * For a look at the Manager beside a relay.
     *
     * @param refusals shared with the relay, so that a password that was refused is withheld as by a watch
     * @throws IOException when a trust file cannot be read
     */
    public ManagerServer(Site site, RejectedCredentials refusals, Redactor redactor, Clock clock) throws IOException {
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
        this.client = new ServerClient(
                new ServerClient.Server(manager.trust(), site.ssm().limits().atMost(LONGEST, LARGEST), null, 1),
                new ManagerRetryStrategy());
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
        return manager.url().toString().replaceFirst("/$", "") + path;
    }

    /** @throws IOException when no answer came, or one beyond the limits; one answer at a time counts as held */
    ManagerAnswer send(ClassicHttpRequest request, String url, Repeat repeat) throws IOException {
        held.reset();
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(REPEAT, repeat);
        Instant started = clock.instant();
        return client.http()
                .execute(
                        request,
                        context,
                        response -> answer(response, request.getMethod(), url.replaceFirst("\\?.*", ""), started));
    }

    private ManagerAnswer answer(ClassicHttpResponse response, String method, String url, Instant started)
            throws IOException {
        String body = body(response);
        SafeHeaders headers = new SafeHeaders();
        List<String> sessions = new ArrayList<>();
        for (var header : response.getHeaders()) {
            String value = String.valueOf(header.getValue());
            headers.add(header.getName(), value);
            Matcher session = SESSION.matcher(value);
            if (header.getName().equalsIgnoreCase("Set-Cookie") && session.find()) {
                sessions.add(session.group(1));
            }
        }
        boolean shown = response.getCode() != 200 || ManagerAnswer.isPage(body);
        String start = body.substring(0, Math.min(body.length(), HttpExchangeRecord.BODY_CHARS));
        HttpExchangeRecord exchanged = new HttpExchangeRecord(
                method,
                url,
                response.getCode(),
                headers.kept(),
                shown ? start : null,
                started,
                Duration.between(started, clock.instant()));
        return new ManagerAnswer(response.getCode(), body, sessions, exchanged);
    }

    /** As text, which exists besides the bytes for a moment; what its tree would take counts as well, since one may be made of it. */
    private String body(ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            return "";
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream content = response.getEntity().getContent()) {
            byte[] piece = new byte[PIECE];
            for (int read = content.read(piece); read >= 0; read = content.read(piece)) {
                held.grow(2L * read);
                bytes.write(piece, 0, read);
            }
        }
        String body = bytes.toString(StandardCharsets.UTF_8);
        held.grow(JsonTreeSize.bytes(body));
        return body;
    }
}
