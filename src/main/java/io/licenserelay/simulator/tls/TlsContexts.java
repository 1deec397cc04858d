package io.licenserelay.simulator.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;

/** SSL contexts for the two sides. */
public final class TlsContexts {
    private static final char[] IN_MEMORY_ONLY = new char[0];

    private TlsContexts() {}

    static SSLContext showing(ServerCertificate shown) {
        try {
            KeyStore store = emptyStore();
            Certificate[] chain = shown.chain().toArray(Certificate[]::new);
            store.setKeyEntry("server", shown.key(), IN_MEMORY_ONLY, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, IN_MEMORY_ONLY);
            return context(factory.getKeyManagers(), new TrustManager[0]);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot show " + shown, e);
        }
    }

    public static SSLContext trusting(X509Certificate anchor) {
        try {
            KeyStore store = emptyStore();
            store.setCertificateEntry("anchor", anchor);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return context(new KeyManager[0], factory.getTrustManagers());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot trust " + anchor.getSubjectX500Principal(), e);
        }
    }

    /** The subject byte for byte as the CA has it, since issuer and subject are compared that way. */
    static X500Name subjectOf(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        return store;
    }
}
