package io.licenserelay.ssm.token;

import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.http.failure.FailureClassifier;
import io.licenserelay.http.failure.SsmException;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.http.failure.TokenUnanswered;
import io.licenserelay.ssm.token.RejectedCredentials.Credential;
import io.licenserelay.ssm.token.RejectedCredentials.Kind;
import io.licenserelay.ssm.token.RejectedCredentials.Refusal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes down an attempt with a password before it is sent, and what came of it after. Whoever sends a password sends it through
 * this, so that no process forgets one. Thread-safe.
 */
public final class PasswordAttemptLog {
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(10);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(6);

    private final RejectedCredentials refusals;
    private final Clock clock;

    public PasswordAttemptLog(RejectedCredentials refusals, Clock clock) {
        this.refusals = refusals;
        this.clock = clock;
    }

    /**
     * Sends the password.
     *
     * @param <T> what a good answer gives
     */
    public interface Attempt<T> {
        T send() throws IOException;
    }

    /** What is known of the newest attempt with just this credential; empty when it was answered well, or there was none. */
    public Optional<Refusal> earlier(Credential credential) {
        return refusals.of(credential);
    }

    /** An operator asks for an attempt: what was answered before no longer counts. */
    public void allow(Credential credential) {
        refusals.forget(credential);
    }

    /**
     * Makes one attempt. When nothing of the request was sent, what was known before stays.
     *
     * @param probe the class of answer that a request without the password gets now; null when it gets none
     * @throws IOException what the attempt throws, or when the attempt cannot be written down; then nothing is sent
     */
    public <T> T make(Credential credential, @Nullable String probe, Attempt<T> attempt) throws IOException {
        checkKept();
        Optional<Refusal> earlier = refusals.of(credential);
        int outages = 1 + earlier.map(Refusal::outages).orElse(0);
        refusals.sending(credential, outages);
        try {
            T answer = attempt.send();
            refusals.forget(credential);
            return answer;
        } catch (IOException e) {
            if (isUnsent(e)) {
                earlier.ifPresentOrElse(kept -> refusals.remember(credential, kept), () -> refusals.forget(credential));
            } else {
                Refusal outcome = outcome(e, clock.instant());
                refusals.remember(
                        credential,
                        new Refusal(outcome.kind(), outcome.error(), outcome.status(), outcome.at(), probe, outages));
            }
            throw e;
        }
    }

    /** The same for requests that each carry the password, of which only those are written down that got no answer about it. */
    public void unanswered(Credential credential, IOException failure) {
        if (!isUnsent(failure)) {
            int outages = 1 + refusals.of(credential).map(Refusal::outages).orElse(0);
            Refusal outcome = outcome(failure, clock.instant());
            refusals.remember(
                    credential,
                    new Refusal(Kind.OUTAGE, outcome.error(), outcome.status(), outcome.at(), null, outages));
        }
    }

    /** @throws SsmException when nothing can be written down, so that no password may be sent */
    public void checkKept() throws SsmException {
        if (!refusals.canKeep()) {
            String phrase = "no password was sent: the attempt cannot be written down in the data folder";
            throw new SsmException(
                    Findings.STORE_UNWRITABLE, phrase, List.of(new Finding(Findings.STORE_UNWRITABLE, phrase)), null);
        }
    }

    /**
     * From when another attempt may follow an outage that no request without the password can tell the end of: 10 minutes after the
     * first, twice as long after each further one, 6 hours at most.
     */
    public static Instant due(Refusal outage) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(outage.outages() - 1, 10));
        return outage.at().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }

    /** What a failed attempt says of the credential. */
    static Refusal outcome(IOException failure, Instant at) {
        String error = FailureClassifier.errorType(FailureClassifier.telling(failure));
        HttpExchangeRecord exchange = failure instanceof SsmException ssmFailure ? ssmFailure.exchange() : null;
        int status = exchange == null || exchange.status() == null ? 0 : exchange.status();
        boolean refused =
                (failure instanceof SsmRefused answer && answer.isAboutPassword()) || TokenAnswer.isLoginPage(exchange);
        return new Refusal(refused ? Kind.REFUSAL : Kind.OUTAGE, error, status, at, null, 1);
    }

    /** Nothing of the request left this machine but the attempt to connect. */
    private static boolean isUnsent(IOException failure) {
        Throwable reason = TokenUnanswered.reason(failure);
        return reason instanceof ConnectException
                || reason instanceof ConnectTimeoutException
                || reason instanceof UnknownHostException
                || reason instanceof NoRouteToHostException
                || reason instanceof SSLException;
    }
}
