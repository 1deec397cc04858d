package io.licenserelay.config.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Verifies servers according to the rules of {@link Trust}. */
final class ServerTrustManager extends X509ExtendedTrustManager {
    private final PemFiles files;

    ServerTrustManager(PemFiles files) {
        this.files = files;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        X509ExtendedTrustManager issuers = issuersUnlessPinned(chain);
        if (issuers == null) {
            return;
        }
        if (!(socket instanceof SSLSocket tls)) {
            throw new CertificateException("no TLS connection: the server's name cannot be verified");
        }
        requireHost(tls.getHandshakeSession());
        SSLParameters parameters = tls.getSSLParameters();
        if (forcesName(parameters)) {
            tls.setSSLParameters(parameters);
        }
        issuers.checkServerTrusted(chain, authType, tls);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509ExtendedTrustManager issuers = issuersUnlessPinned(chain);
        if (issuers == null) {
            return;
        }
        requireHost(engine.getHandshakeSession());
        SSLParameters parameters = engine.getSSLParameters();
        if (forcesName(parameters)) {
            engine.setSSLParameters(parameters);
        }
        issuers.checkServerTrusted(chain, authType, engine);
    }

    /** Without a connection there is no host name to verify, so only a pinned certificate is accepted. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (issuersUnlessPinned(chain) != null) {
            throw new CertificateException("no connection: the server's name cannot be verified");
        }
    }

    /** Null if the server presents a pinned certificate that is within its validity dates. */
    private @Nullable X509ExtendedTrustManager issuersUnlessPinned(X509Certificate[] chain)
            throws CertificateException {
        if (chain == null || chain.length == 0) {
            throw new CertificateException("the server presents no certificate");
        }
        TrustAnchors anchors = files.anchors();
        if (anchors.pinned().contains(chain[0])) {
            chain[0].checkValidity();
            return null;
        }
        if (anchors.issuers() == null) {
            throw new PinChanged(chain[0]);
        }
        return anchors.issuers();
    }

    private static void requireHost(@Nullable SSLSession session) throws CertificateException {
        String host = session == null ? null : session.getPeerHost();
        if (host == null || host.isEmpty()) {
            throw new CertificateException("the connection was opened without the server's name");
        }
    }

    /** The JDK verifies the host name only if the connection's parameters request it. Returns true if this method had to set them. */
    private static boolean forcesName(SSLParameters parameters) {
        if ("HTTPS".equals(parameters.getEndpointIdentificationAlgorithm())) {
            return false;
        }
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return true;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this trust manager verifies servers only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        X509ExtendedTrustManager issuers = files.anchors().issuers();
        return issuers == null ? new X509Certificate[0] : issuers.getAcceptedIssuers();
    }
}
