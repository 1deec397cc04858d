package io.licenserelay.config.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** The server presents a certificate other than the pinned one. */
public final class PinChanged extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final X509Certificate served;

    PinChanged(X509Certificate served) {
        super("the server presents a certificate other than the pinned one: "
                + served.getSubjectX500Principal().getName());
        this.served = served;
    }

    /** The certificate that the server presents now. */
    public X509Certificate served() {
        return served;
    }
}
