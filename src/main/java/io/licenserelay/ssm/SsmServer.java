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
import io.licenserelay.ssm.token.TokenListener;
import io.licenserelay.ssm.token.TokenProvider;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/**
 * The SSM of one site: connections, trust, limits and token. One connection pool serves API requests and token requests. API requests use
 * this target; token requests bypass the circuit breaker and {@code BearerTokens}. Thread-safe.
 */
public final class SsmServer implements HttpTarget, AutoCloseable {
    private final Site site;
    private final ServerClient client;
    private final TokenEndpoint endpoint;
    private final TokenProvider tokens;
    private final CircuitBreaker breaker;
    private final ApiFingerprint fingerprint = new ApiFingerprint();
    private final AnswerMemory.Lease runMemory;
    private final CloseableHttpClient authorized;
    private volatile boolean stopping;

    /**
     * @param refusals shared by all senders of the password, so that a refused password is withheld
     * @param http sends the token requests
     * @param redactor learns every granted token
     * @param listener observes the token requests
     * @throws IOException when a trust file cannot be read
     */
    public SsmServer(
            Site site,
            RejectedCredentials refusals,
            HttpSender http,
            Redactor redactor,
            TokenListener listener,
            Clock clock)
            throws IOException {
        this.site = site;
        this.runMemory = AnswerMemory.ofProcess().lease(site.name());
        this.breaker = breaker(site);
        this.client = client(site);
        this.endpoint = new TokenEndpoint(site, client, http, redactor, fingerprint, listener, clock);
        this.tokens = new TokenProvider(site, endpoint, refusals, listener, clock);
        this.authorized = client.with("bearer", new BearerTokens(tokens));
    }

    /** An HTTP client that adds the site's token to every request. */
    @Override
    public HttpClient client() {
        return authorized;
    }

    /**
     * Opens when most of the last calls failed, so that an unreachable server does not get a thousand requests. A refusal does not count,
     * because it proves that the server works.
     */
    @Override
    public Optional<CircuitBreaker> breaker() {
        return Optional.of(breaker);
    }

    /** @throws RelayStopping when no further request may be sent */
    @Override
    public void checkSendingAllowed() throws RelayStopping {
        if (stopping) {
            throw new RelayStopping();
        }
    }

    void stop() {
        stopping = true;
    }

    /** The field names of the answers since the run began. */
    public ApiFingerprint fingerprint() {
        return fingerprint;
    }

    /** The memory that the current run holds for lists that are not streamed. */
    AnswerMemory.Lease runMemory() {
        return runMemory;
    }

    /** Ends the run and releases its memory. */
    public void end() {
        runMemory.reset();
    }

    /**
     * Begins a run. The run sends requests even if an earlier run opened the breaker. If an operator requested the run, a refused password
     * may be tried once.
     */
    public void begin(boolean operatorRequested) {
        runMemory.reset();
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
     * Creates the probe that checks both grants of this site's API client. It never sends a password.
     *
     * @param history earlier successful runs of this site
     */
    public Probe oauthProbe(GrantHistory history) {
        return new OAuthProbe(endpoint, tokens, history);
    }

    @Override
    public void close() throws IOException {
        runMemory.close();
        authorized.close();
        client.close();
    }

    /** One connection more than the number of parallel requests, for the token. */
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
