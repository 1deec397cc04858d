package io.licenserelay.device;

import io.licenserelay.ssm.SsmException;
import java.util.List;

/** A device is not asked now, so soon after a request that got no answer about the password. What it said then still counts. */
final class DevicePutOff extends SsmException {
    private static final long serialVersionUID = 1L;

    DevicePutOff(String errorType, String message) {
        super(errorType, message, List.of(), null);
    }
}
