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
import io.licenserelay.store.folders.FolderNotShared;
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

/** Turns an exception of a pull or push into a failure that contains only proven facts. */
public final class FailureClassifier {
    private static final int MAX_CAUSES = 20;
    private static final int MAX_MESSAGE_LENGTH = 500;

    /** The prefix of error types for exceptions that have no specific error type. */
    private static final String UNSPECIFIC_PREFIX = "relay.";

    private final Clock clock;

    public FailureClassifier(Clock clock) {
        this.clock = clock;
    }

    /**
     * The failure of a step. A failed request to SSM has its own place and step, taken only from the exception, not from the flow.
     *
     * @param place the place that the catching code knows; used when the exception names none
     */
    public Failure failure(Place place, Flow flow, Step step, Throwable thrown) {
        Throwable cause = rootCause(thrown);
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

    /** A finding name where one fits, so that diagnosis rules can use it; otherwise a dotted error type. */
    public static String errorType(Throwable cause) {
        if (cause instanceof SsmException ssmFailure) {
            return ssmFailure.errorType();
        }
        if (cause instanceof StoreFailed storeFailure) {
            return storeFailure.isCorrupt() ? Findings.STORE_CORRUPT : storeErrorType(storeFailure);
        }
        if (cause instanceof FolderNotShared) {
            return Findings.FOLDER_NOT_SHARED;
        }
        if (cause instanceof FileSystemException) {
            return Findings.FOLDER_UNUSABLE;
        }
        if (cause instanceof UnknownHostException) {
            return Findings.DNS_NXDOMAIN;
        }
        if (cause instanceof ConnectTimeoutException) {
            // The HTTP client reports a TLS handshake without an answer as a connect timeout.
            boolean connected = String.valueOf(cause.getMessage()).endsWith("Read timed out");
            return connected ? Findings.HTTP_NO_ANSWER : Findings.TCP_TIMEOUT;
        }
        if (cause instanceof SocketTimeoutException) {
            return Findings.HTTP_NO_ANSWER;
        }
        if (cause instanceof ConnectException) {
            return connectErrorType(String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT));
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
        return tlsErrorType(cause);
    }

    /** A single refused statement does not prove that the database is not writable. */
    private static String storeErrorType(StoreFailed storeFailure) {
        return storeFailure.isUnwritable() ? Findings.STORE_UNWRITABLE : "store.refused";
    }

    private static String connectErrorType(String message) {
        if (message.contains("refused")) {
            return Findings.TCP_REFUSED;
        }
        return message.contains("timed out") ? Findings.TCP_TIMEOUT : "tcp.connect-failed";
    }

    private static String tlsErrorType(Throwable cause) {
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
        return UNSPECIFIC_PREFIX + cause.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /**
     * The relay's own exception if there is one; otherwise the innermost cause with a specific error type, because its wrappers are less
     * precise.
     */
    public static Throwable rootCause(Throwable thrown) {
        Throwable rootCause = thrown;
        Throwable cause = thrown;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof SsmException
                    || cause instanceof ConnectTimeoutException
                    || cause instanceof StoreFailed) {
                return cause;
            }
            if (!errorType(cause).startsWith(UNSPECIFIC_PREFIX)
                    || errorType(rootCause).startsWith(UNSPECIFIC_PREFIX)) {
                rootCause = cause;
            }
            cause = cause.getCause();
        }
        return rootCause;
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String line = message.replaceAll("\\R", " ");
        String described = cause instanceof SsmException || cause instanceof RunLimitPassed
                ? line
                : cause.getClass().getSimpleName() + ": " + line;
        return ShortText.of(described, MAX_MESSAGE_LENGTH);
    }
}
