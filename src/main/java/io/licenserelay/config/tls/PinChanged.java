package io.licenserelay.config.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** Only the server's own certificate is trusted, and the server shows another one. */
public final class PinChanged extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final X509Certificate served;

    PinChanged(X509Certificate served) {
        super("the server shows another certificate than the pinned one: "
                + served.getSubjectX500Principal().getName());
        this.served = served;
    }

    /** What the server shows now. */
    public X509Certificate served() {
        return served;
    }
}
