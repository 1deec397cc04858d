package io.licenserelay.config.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The rules by which a client verifies its server. Thread-safe.
 *
 * <p>If the server presents a certificate of the PEM files as its own, that certificate is <em>pinned</em>: chain and host name are not
 * verified, but the validity dates are. Any other chain must lead to a CA of the PEM files (BasicConstraints identifies CAs), and the
 * certificate must match the host name. Without PEM files, the JDK's CAs apply. Changed files are read again at the next handshake.
 * Verification cannot be switched off.
 *
 * <p>This class always verifies the host name. A client that verifies it a second time, as Apache's does, must disable its own check;
 * otherwise it rejects pinned certificates with another name.
 */
public final class Trust {
    /** A resumed TLS session presents no certificate, so its lifetime is short to detect a rotation. */
    private static final int SESSION_SECONDS = 300;

    private final X509ExtendedTrustManager trustManager;
    private final SSLContext context;

    private Trust(X509ExtendedTrustManager trustManager, SSLContext context) {
        this.trustManager = trustManager;
        this.context = context;
    }

    /**
     * Trusts the certificates of these files, each with one or more, or the JDK's CAs if there is no file.
     *
     * @throws IOException with a readable message when a file cannot be read or contains no certificate
     */
    public static Trust of(List<Path> pems) throws IOException {
        X509ExtendedTrustManager trustManager = new ServerTrustManager(new PemFiles(pems));
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trustManager}, null);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return new Trust(trustManager, context);
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java has no TLS: " + e.getMessage(), e);
        }
    }

    /**
     * The certificates of a PEM file, at least one.
     *
     * @throws IOException with a readable message that contains the file name
     */
    public static List<X509Certificate> certificates(Path pem) throws IOException {
        return PemCertificates.read(pem);
    }

    /** For clients only. The object stays the same when the files change. */
    public SSLContext context() {
        return context;
    }

    /** The trust manager of {@link #context}. */
    public X509ExtendedTrustManager trustManager() {
        return trustManager;
    }
}
