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
 * Whom a client believes to be its server. Thread-safe.
 *
 * <p>A listed certificate that the server shows as its own is <em>pinned</em>: it stands in place of chain and name, and
 * must be within its dates. Any other chain must lead to a listed CA (BasicConstraints says which are), and the
 * certificate's name must be the host's. Without files the JDK's CAs count. Files that change are read again at the next
 * handshake. Verification cannot be switched off.
 *
 * <p>The name is always checked here. A client that checks it a second time, as Apache's does, must leave that to this
 * class, or pinned certificates with another name fail there.
 */
public final class Trust {
    /** A resumed session shows no certificate, so it may not outlive a rotation for long. */
    private static final int SESSION_SECONDS = 300;

    private final X509ExtendedTrustManager trustManager;
    private final SSLContext context;

    private Trust(X509ExtendedTrustManager trustManager, SSLContext context) {
        this.trustManager = trustManager;
        this.context = context;
    }

    /**
     * Trust in the certificates of these files, each with one or more, or in the JDK's CAs when there is none.
     *
     * @throws IOException with a message for people, when a file cannot be read or has no certificate
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
     * @throws IOException with a message for people that names the file
     */
    public static List<X509Certificate> certificates(Path pem) throws IOException {
        return PemCertificates.read(pem);
    }

    /** For clients only; always the same, whatever the files hold. */
    public SSLContext context() {
        return context;
    }

    /** What {@link #context} checks servers with. */
    public X509ExtendedTrustManager trustManager() {
        return trustManager;
    }
}
