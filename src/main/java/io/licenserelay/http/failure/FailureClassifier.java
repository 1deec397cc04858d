package io.licenserelay.http.failure;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.licenserelay.config.site.Place;
import io.licenserelay.config.tls.PinChanged;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.ShortText;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.jspecify.annotations.Nullable;

/** Turns what was thrown during a pull or a push into a failure that says what is known for sure. */
public final class FailureClassifier {
    private static final int DEEPEST = 20;
    private static final int LONGEST_MESSAGE = 500;

    /** Begins the error types of what has no name of its own. */
    private static final String OURS = "relay.";

    private final Clock clock;

    public FailureClassifier(Clock clock) {
        this.clock = clock;
    }

    /**
     * The failure of a step. A failed request to SSM names its own place and step: the evidence comes from the exception alone, never
     * from what the flow did before.
     *
     * @param place with flow and step, as whoever catches the exception knows them
     */
    public Failure failure(Place place, Flow flow, Step step, Throwable thrown) {
        Throwable cause = telling(thrown);
        String errorType = errorType(cause);
        String message = message(cause);
        CallFailed call = ObjectHelper.getException(CallFailed.class, thrown);
        return new Failure(
                call == null ? place : call.call().place(),
                List.of(),
                flow,
                isAtToken(thrown, cause)
                        ? Step.TOKEN
                        : call == null ? step : call.call().step(),
                errorType,
                message,
                findings(cause, errorType, message),
                exchanged(thrown, cause, call),
                clock.instant());
    }

    private static boolean isAtToken(Throwable thrown, Throwable cause) {
        return cause instanceof SsmException ssmFailure
                ? ssmFailure.isAtToken()
                : ObjectHelper.getException(TokenUnanswered.class, thrown) != null;
    }

    private static @Nullable HttpExchangeRecord exchanged(
            Throwable thrown, Throwable cause, @Nullable CallFailed call) {
        if (cause instanceof SsmException ssmFailure && ssmFailure.exchange() != null) {
            return ssmFailure.exchange();
        }
        TokenUnanswered token = ObjectHelper.getException(TokenUnanswered.class, thrown);
        if (token != null) {
            return token.exchange();
        }
        return call == null ? null : call.exchange();
    }

    private static List<Finding> findings(Throwable cause, String errorType, String message) {
        if (cause instanceof SsmException ssmFailure) {
            return ssmFailure.findings();
        }
        String finding = Findings.known(errorType) ? errorType : null;
        return finding == null ? List.of() : List.of(new Finding(finding, message));
    }

    /** The names are those of findings where one fits, so that a diagnosis may rest on them. */
    public static String errorType(Throwable cause) {
        if (cause instanceof SsmException ssmFailure) {
            return ssmFailure.errorType();
        }
        if (cause instanceof StoreFailed refused) {
            return refused.isCorrupt() ? Findings.STORE_CORRUPT : unwritable(refused);
        }
        if (cause instanceof FileSystemException) {
            return Findings.FOLDER_UNUSABLE;
        }
        if (cause instanceof UnknownHostException) {
            return Findings.DNS_NXDOMAIN;
        }
        if (cause instanceof ConnectTimeoutException) {
            // The client counts a TLS handshake that gets no answer as part of connecting.
            boolean connected = String.valueOf(cause.getMessage()).endsWith("Read timed out");
            return connected ? Findings.HTTP_NO_ANSWER : Findings.TCP_TIMEOUT;
        }
        if (cause instanceof SocketTimeoutException) {
            return Findings.HTTP_NO_ANSWER;
        }
        if (cause instanceof ConnectException) {
            return connect(String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT));
        }
        if (cause instanceof SocketException || cause instanceof NoHttpResponseException) {
            return Findings.TCP_RESET;
        }
        if (cause instanceof ConnectionClosedException || cause instanceof MalformedChunkCodingException) {
            return Findings.ANSWER_CUT;
        }
        if (cause instanceof ProtocolException) {
            return Findings.HTTP_MALFORMED;
        }
        if (cause instanceof RunLimitPassed) {
            return Findings.RUN_LIMIT;
        }
        if (cause instanceof CallNotPermittedException) {
            return "breaker.open";
        }
        return tls(cause);
    }

    /** That the database refused one statement is no sign that it takes no writes. */
    private static String unwritable(StoreFailed refused) {
        return refused.isUnwritable() ? Findings.STORE_UNWRITABLE : "store.refused";
    }

    private static String connect(String message) {
        if (message.contains("refused")) {
            return Findings.TCP_REFUSED;
        }
        return message.contains("timed out") ? Findings.TCP_TIMEOUT : "tcp.connect-failed";
    }

    private static String tls(Throwable cause) {
        if (cause instanceof PinChanged) {
            return Findings.TLS_PIN_CHANGED;
        }
        if (cause instanceof CertificateExpiredException) {
            return Findings.TLS_EXPIRED;
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Findings.TLS_NOT_YET_VALID;
        }
        if (cause instanceof SSLException || cause instanceof CertificateException) {
            return "tls.handshake";
        }
        return OURS + cause.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** What we threw ourselves; else the innermost cause that has a name, since its wrappers say less. */
    public static Throwable telling(Throwable thrown) {
        Throwable telling = thrown;
        Throwable cause = thrown;
        for (int i = 0; i < DEEPEST && cause != null; i++) {
            if (cause instanceof SsmException
                    || cause instanceof ConnectTimeoutException
                    || cause instanceof StoreFailed) {
                return cause;
            }
            if (!errorType(cause).startsWith(OURS) || errorType(telling).startsWith(OURS)) {
                telling = cause;
            }
            cause = cause.getCause();
        }
        return telling;
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String line = message.replaceAll("\\R", " ");
        String named = cause instanceof SsmException || cause instanceof RunLimitPassed
                ? line
                : cause.getClass().getSimpleName() + ": " + line;
        return ShortText.of(named, LONGEST_MESSAGE);
    }
}
