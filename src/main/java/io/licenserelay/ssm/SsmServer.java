package io.licenserelay.ssm;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Probe;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.ElapsedClock;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.ServerClient;
import io.licenserelay.http.failure.HttpTarget;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.json.ApiFingerprint;
import io.licenserelay.ssm.token.BearerTokens;
import io.licenserelay.ssm.token.GrantHistory;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.ssm.token.TokenEndpoint;
import io.licenserelay.ssm.token.TokenProvider;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/**
 * One site's SSM as the relay reaches it: its connections, trust, limits and token. One pool serves the requests to the
 * API, which go to this target, and the requests for a token, which pass neither the breaker nor {@code BearerTokens}. Thread-safe.
 */
public final class SsmServer implements HttpTarget, AutoCloseable {
    private final Site site;
    private final ServerClient client;
    private final TokenEndpoint endpoint;
    private final TokenProvider tokens;
    private final CircuitBreaker breaker;
    private final ApiFingerprint fingerprint = new ApiFingerprint();
    private final AnswerMemory.Lease held;
    private final CloseableHttpClient authorized;
    private volatile boolean stopping;

    /**
     * @param refusals shared by all that send the password, so that a password that was refused is withheld
     * @param http sends the requests for a token
     * @param redactor learns every token that is granted
     * @throws IOException when a trust file cannot be read
     */
    public SsmServer(Site site, RejectedCredentials refusals, HttpSender http, Redactor redactor, Clock clock)
            throws IOException {
        this.site = site;
        this.held = AnswerMemory.ofProcess().lease(site.name());
        this.breaker = breaker(site);
        this.client = client(site);
        this.endpoint = new TokenEndpoint(site, client, http, redactor, fingerprint, clock);
        this.tokens = new TokenProvider(site, endpoint, refusals, clock);
        this.authorized = client.with("bearer", new BearerTokens(tokens));
    }

    /** A client that puts the site's token on every request. */
    @Override
    public HttpClient client() {
        return authorized;
    }

    /**
     * Opens when most of the last calls failed, so that a dead server is not asked a thousand times. A refusal says that
     * the server is well, and does not count.
     */
    @Override
    public Optional<CircuitBreaker> breaker() {
        return Optional.of(breaker);
    }

    /** @throws RelayStopping when no further request may be sent */
    @Override
    public void checkGoing() throws RelayStopping {
        if (stopping) {
            throw new RelayStopping();
        }
    }

    void stop() {
        stopping = true;
    }

    /** How it answered since its run began. */
    public ApiFingerprint fingerprint() {
        return fingerprint;
    }

    /** What the run that is under way holds of lists that are not streamed. */
    AnswerMemory.Lease held() {
        return held;
    }

    /** The run is over, and with it whatever it held. */
    public void end() {
        held.reset();
    }

    /** A run begins: it asks anew, whatever opened the breaker in an earlier one; when an operator asked for it, even a refused password may be tried once. */
    public void begin(boolean operatorRequested) {
        held.reset();
        breaker.reset();
        fingerprint.begin();
        if (operatorRequested) {
            tokens.beginForOperator();
        } else {
            tokens.begin();
        }
    }

    void closeIdle() {
        client.closeIdle();
    }

    /**
     * Looks at both grants of this site's API client, without ever sending a password.
     *
     * @param history good runs of this site
     */
    public Probe oauthProbe(GrantHistory history) {
        return new OAuthProbe(endpoint, tokens, history);
    }

    @Override
    public void close() throws IOException {
        held.close();
        authorized.close();
        client.close();
    }

    /** One connection more than requests side by side, for the token. */
    static ServerClient client(Site site) throws IOException {
        Site.Ssm ssm = site.ssm();
        return new ServerClient(new ServerClient.Server(ssm.trust(), ssm.limits(), ssm.proxy(), site.parallel() + 1));
    }

    private static CircuitBreaker breaker(Site site) {
        CircuitBreakerConfig config = CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(80)
                .waitDurationInOpenState(Duration.ofSeconds(30))
                .clock(new ElapsedClock())
                .ignoreException(thrown -> ObjectHelper.getException(SsmRefused.class, thrown) != null)
                .build();
        return CircuitBreaker.of("ssm-" + site.name(), config);
    }
}
