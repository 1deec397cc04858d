package io.licenserelay.ssm;

import java.io.IOException;

/** The relay is being stopped, so a request was not sent; the server has nothing to do with it. */
final class RelayStopping extends IOException {
    private static final long serialVersionUID = 1L;

    RelayStopping() {
        super("the relay is stopping; no further request is sent");
    }
}
