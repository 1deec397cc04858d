package io.licenserelay.reports.device;

import io.licenserelay.http.failure.SsmException;
import java.util.List;

/**
 * No request is sent now, because the last request got no answer about the password and the waiting time is not over.
 * The recorded result of that request remains valid.
 */
final class DevicePaused extends SsmException {
    private static final long serialVersionUID = 1L;

    DevicePaused(String errorType, String message) {
        super(errorType, message, List.of(), null);
    }
}
