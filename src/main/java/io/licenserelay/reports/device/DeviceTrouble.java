package io.licenserelay.reports.device;

import io.licenserelay.config.secret.SecretUnavailable;
import io.licenserelay.config.site.Place;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.failure.FailureClassifier;
import java.time.Clock;
import java.util.Set;

/** Names what kept a device from being asked. */
final class DeviceTrouble {
    private static final Set<String> NOT_REACHED = Set.of("dns", "tcp");

    private DeviceTrouble() {}

    static Finding of(Place site, Throwable thrown, Clock clock) {
        if (thrown instanceof SecretUnavailable missing) {
            return new Finding(Findings.DEVICE_LOGIN_REFUSED, String.valueOf(missing.getMessage()));
        }
        Failure failure = new FailureClassifier(clock).failure(site, Flow.PUSH, Step.INBOX, thrown);
        return new Finding(finding(failure.errorType()), failure.message());
    }

    private static String finding(String errorType) {
        String layer = errorType.replaceFirst("\\..*", "");
        // The device was not asked when what it answers to the password cannot be written down.
        if (errorType.equals(Findings.DEVICE_LOGIN_REFUSED) || errorType.equals(Findings.STORE_UNWRITABLE)) {
            return errorType;
        }
        if (layer.equals("tls")) {
            return Findings.DEVICE_NOT_TRUSTED;
        }
        if (NOT_REACHED.contains(layer) || errorType.equals(Findings.HTTP_NO_ANSWER)) {
            return Findings.DEVICE_UNREACHABLE;
        }
        return errorType.equals("http.404") || errorType.equals("http.405")
                ? Findings.DEVICE_NO_SUCH_PATH
                : Findings.DEVICE_BAD_ANSWER;
    }
}
