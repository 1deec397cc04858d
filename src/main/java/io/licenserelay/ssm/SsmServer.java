package io.licenserelay.ssm;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Probe;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.ElapsedClock;
import io.licenserelay.http.ServerClient;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.json.ApiFingerprint;
import io.licenserelay.ssm.token.BearerTokens;
import io.licenserelay.ssm.token.GrantHistory;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.ssm.token.TokenEndpoint;
import io.licenserelay.ssm.token.TokenProvider;
import io.licenserelay.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.util.Timeout;

/**
 * One site's SSM as the relay reaches it: its connections, trust, limits and token. One pool serves the token requests and
 * the Camel component. Thread-safe.
 */
public final class SsmServer implements AutoCloseable {
    private final Site site;
    private final ServerClient client;
    private final TokenEndpoint endpoint;
    private final TokenProvider tokens;
    private final CircuitBreaker breaker;
    private final ApiFingerprint fingerprint = new ApiFingerprint();
    private final AnswerMemory.Lease held;

    /**
     * @param redactor learns every token that is granted
     * @throws IOException when a trust file cannot be read
     */
    public SsmServer(Site site, Database database, Redactor redactor, Clock clock) throws IOException {
        this(site, RejectedCredentials.keeping(database, clock), redactor, clock);
    }

    /**
     * For a look at the server beside a relay.
     *
     * @param refusals shared with the relay, so that a password that was refused is withheld as in a run
     * @throws IOException when a trust file cannot be read
     */
    public SsmServer(Site site, RejectedCredentials refusals, Redactor redactor, Clock clock) throws IOException {
        this.site = site;
        this.held = AnswerMemory.ofProcess().lease(site.name());
        this.breaker = breaker(site);
        this.client = client(site);
        this.endpoint = new TokenEndpoint(site, client.http(), redactor, fingerprint, clock);
        this.tokens = new TokenProvider(site, endpoint, refusals, clock);
    }

    /**
     * The scheme of the site's own HTTP component: {@code ssm-hq}. A scheme may have no underscore (RFC 3986 §3.1), a
     * site's name may; it may have no plus.
     */
    public String scheme() {
        return "ssm-" + site.name().replace('_', '+');
    }

    /** Camel's address of this server, by the site's own component. */
    String uri() {
        return scheme() + ":" + site.ssm().url();
    }

    /** A component that carries this site's trust, pool, limits and token, so that routes need not know of them. */
    public HttpComponent component() {
        HttpComponent component = new HttpComponent();
        component.setClientConnectionManager(client.connections());
        component.setHttpClientConfigurer(builder -> client.bounded(builder)
                .addExecInterceptorAfter("limits", "bearer", new BearerTokens(tokens))
                // The component's own proxy takes the scheme of the server's URL, and TLS is not what a proxy speaks.
                .setProxy(client.proxy())
                .setConnectionManagerShared(true));
        component.setAutomaticRetriesDisabled(true);
        component.setRedirectHandlingDisabled(true);
        component.setCookieManagementDisabled(true);
        component.setAuthCachingDisabled(true);
        component.setConnectTimeout(site.ssm().limits().connect().toMillis());
        component.setSoTimeout(site.ssm().limits().response().toMillis());
        component.setResponseTimeout(site.ssm().limits().response().toMillis());
        component.setConnectionRequestTimeout(site.ssm().limits().total().toMillis());
        return component;
    }

    /**
     * A plain client with this site's trust, pool, limits and token, for requests outside the routes. Whoever asks for it closes it; the
     * pool stays open.
     */
    CloseableHttpClient authorized() {
        return client.bounded(HttpClients.custom())
                .addExecInterceptorAfter("limits", "bearer", new BearerTokens(tokens))
                .setConnectionManager(client.connections())
                .setConnectionManagerShared(true)
                .setProxy(client.proxy())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.of(site.ssm().limits().response()))
                        .setConnectionRequestTimeout(
                                Timeout.of(site.ssm().limits().total()))
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    /**
     * Opens when most of the last calls failed, so that a dead server is not asked a thousand times. A refusal says that
     * the server is well, and does not count.
     */
    public CircuitBreaker breaker() {
        return breaker;
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
        client.close();
    }

    /** One connection more than requests side by side, for the token. */
    static ServerClient client(Site site) throws IOException {
        Site.Ssm ssm = site.ssm();
        return new ServerClient(
                new ServerClient.Server(ssm.trust(), ssm.limits(), ssm.proxy(), site.parallel() + 1), null);
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
