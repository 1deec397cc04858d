package io.licenserelay.evidence.capture;

import java.io.IOException;

/** It is no capture that can be read; the message says why and what to do, for people. */
final class BadCapture extends IOException {
    private static final long serialVersionUID = 1L;

    BadCapture(String message) {
        super(message);
    }
}
