package io.licenserelay.evidence.capture;

import java.io.IOException;

/** The file is not a readable capture. The message has the reason and the fix. */
final class BadCapture extends IOException {
    private static final long serialVersionUID = 1L;

    BadCapture(String message) {
        super(message);
    }
}
