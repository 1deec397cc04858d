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

/** Maps a failed request to a device to a finding. */
final class DeviceTrouble {
    private static final Set<String> UNREACHABLE_LAYERS = Set.of("dns", "tcp");

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
        // No request was sent, because the device's answer to the password could not be recorded.
        if (errorType.equals(Findings.DEVICE_LOGIN_REFUSED) || errorType.equals(Findings.STORE_UNWRITABLE)) {
            return errorType;
        }
        if (layer.equals("tls")) {
            return Findings.DEVICE_NOT_TRUSTED;
        }
        if (UNREACHABLE_LAYERS.contains(layer) || errorType.equals(Findings.HTTP_NO_ANSWER)) {
            return Findings.DEVICE_UNREACHABLE;
        }
        return errorType.equals("http.404") || errorType.equals("http.405")
                ? Findings.DEVICE_NO_SUCH_PATH
                : Findings.DEVICE_BAD_ANSWER;
    }
}
