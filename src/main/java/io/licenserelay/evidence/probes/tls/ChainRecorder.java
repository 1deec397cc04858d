package io.licenserelay.evidence.probes.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Records the certificates that a server presents, then calls the site's real trust manager: a rejected server is rejected here too, and
 * the handshake ends. It therefore never bypasses verification; it only records the rejected chain. For one handshake.
 */
final class ChainRecorder extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager verifier;
    private List<X509Certificate> chain = List.of();
    private @Nullable CertificateException refusal;
    private String protocol = "";
    private String cipher = "";

    ChainRecorder(X509ExtendedTrustManager verifier) {
        this.verifier = verifier;
    }

    /** The presented chain, the server's own certificate first; empty if none was presented. */
    List<X509Certificate> chain() {
        return chain;
    }

    /** Why the chain was rejected, or null if it was accepted. */
    @Nullable
    CertificateException refusal() {
        return refusal;
    }

    String protocol() {
        return protocol;
    }

    String cipher() {
        return cipher;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] presented, String authType, Socket socket)
            throws CertificateException {
        chain = List.of(presented);
        SSLSession session = ((SSLSocket) socket).getHandshakeSession();
        protocol = session.getProtocol();
        cipher = session.getCipherSuite();
        try {
            verifier.checkServerTrusted(presented, authType, socket);
        } catch (CertificateException refused) {
            refusal = refused;
            throw refused;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] presented, String authType, SSLEngine engine)
            throws CertificateException {
        verifier.checkServerTrusted(presented, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] presented, String authType) throws CertificateException {
        verifier.checkServerTrusted(presented, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] presented, String authType) throws CertificateException {
        verifier.checkClientTrusted(presented, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] presented, String authType, Socket socket)
            throws CertificateException {
        verifier.checkClientTrusted(presented, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] presented, String authType, SSLEngine engine)
            throws CertificateException {
        verifier.checkClientTrusted(presented, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return verifier.getAcceptedIssuers();
    }
}
