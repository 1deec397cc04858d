package io.licenserelay.ssm;

import java.io.IOException;

/** The relay is stopping, so a request was not sent. This is not a failure of the server. */
final class RelayStopping extends IOException {
    private static final long serialVersionUID = 1L;

    RelayStopping() {
        super("the relay is stopping; no further request is sent");
    }
}
