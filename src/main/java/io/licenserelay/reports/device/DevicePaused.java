package io.licenserelay.reports.device;

import io.licenserelay.http.failure.SsmException;
import java.util.List;

/** A device is not asked now, so soon after a request that got no answer about the password. What it said then still counts. */
final class DevicePaused extends SsmException {
    private static final long serialVersionUID = 1L;

    DevicePaused(String errorType, String message) {
        super(errorType, message, List.of(), null);
    }
}
