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
 * Stores each password attempt before it is sent, and its result afterwards. Every sender of a password uses this class, so that no attempt
 * is lost when the process ends. Thread-safe.
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
     * @param <T> the result of a successful attempt
     */
    public interface Attempt<T> {
        T send() throws IOException;
    }

    /** The result of the newest attempt with this credential; empty if it succeeded, or if there was none. */
    public Optional<Refusal> earlier(Credential credential) {
        return refusals.of(credential);
    }

    /** An operator requested an attempt: the earlier result is ignored. */
    public void allow(Credential credential) {
        refusals.forget(credential);
    }

    /**
     * Makes one attempt. If nothing of the request was sent, the earlier result stays.
     *
     * @param probe the class of answer to a current request without the password, or null if it gets no answer
     * @throws IOException the failure of the attempt, or of storing it; in the latter case nothing is sent
     */
    public <T> T make(Credential credential, @Nullable String probe, Attempt<T> attempt) throws IOException {
        checkCanStore();
        Optional<Refusal> earlier = refusals.of(credential);
        int outages = 1 + earlier.map(Refusal::outages).orElse(0);
        refusals.recordSending(credential, outages);
        try {
            T answer = attempt.send();
            refusals.forget(credential);
            return answer;
        } catch (IOException e) {
            if (isUnsent(e)) {
                earlier.ifPresentOrElse(
                        previous -> refusals.remember(credential, previous), () -> refusals.forget(credential));
            } else {
                Refusal outcome = outcome(e, clock.instant());
                refusals.remember(
                        credential,
                        new Refusal(outcome.kind(), outcome.error(), outcome.status(), outcome.at(), probe, outages));
            }
            throw e;
        }
    }

    /** For requests that all carry the password: only those without an answer about the password are stored. */
    public void unanswered(Credential credential, IOException failure) {
        if (!isUnsent(failure)) {
            int outages = 1 + refusals.of(credential).map(Refusal::outages).orElse(0);
            Refusal outcome = outcome(failure, clock.instant());
            refusals.remember(
                    credential,
                    new Refusal(Kind.OUTAGE, outcome.error(), outcome.status(), outcome.at(), null, outages));
        }
    }

    /** @throws SsmException when the attempt cannot be stored, so that no password may be sent */
    public void checkCanStore() throws SsmException {
        if (!refusals.canStore()) {
            String phrase = "no password was sent: the attempt cannot be stored in the data folder";
            throw new SsmException(
                    Findings.STORE_UNWRITABLE, phrase, List.of(new Finding(Findings.STORE_UNWRITABLE, phrase)), null);
        }
    }

    /**
     * The time of the next attempt after an outage, if no request without the password can detect the end of the outage: 10 minutes after
     * the first attempt, then double the time after each attempt, up to 6 hours.
     */
    public static Instant due(Refusal outage) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(outage.outages() - 1, 10));
        return outage.at().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }

    /** The result of a failed attempt for the credential. */
    static Refusal outcome(IOException failure, Instant at) {
        String error = FailureClassifier.errorType(FailureClassifier.rootCause(failure));
        HttpExchangeRecord exchange = failure instanceof SsmException ssmFailure ? ssmFailure.exchange() : null;
        int status = exchange == null || exchange.status() == null ? 0 : exchange.status();
        boolean refused =
                (failure instanceof SsmRefused answer && answer.isAboutPassword()) || TokenAnswer.isLoginPage(exchange);
        return new Refusal(refused ? Kind.REFUSAL : Kind.OUTAGE, error, status, at, null, 1);
    }

    /** Whether nothing of the request was sent; only the connection attempt failed. */
    private static boolean isUnsent(IOException failure) {
        Throwable reason = TokenUnanswered.reason(failure);
        return reason instanceof ConnectException
                || reason instanceof ConnectTimeoutException
                || reason instanceof UnknownHostException
                || reason instanceof NoRouteToHostException
                || reason instanceof SSLException;
    }
}
