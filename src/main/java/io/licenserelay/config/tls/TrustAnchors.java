package io.licenserelay.config.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The trust anchors at one time.
 *
 * @param pinned all certificates of the files; the server may present one of them as its own
 * @param issuers verifies chains up to a CA; null if there are files, but none contains a CA
 */
record TrustAnchors(Set<X509Certificate> pinned, @Nullable X509ExtendedTrustManager issuers) {

    /** Reads the certificates of the files, or the JDK's CAs if there is no file. */
    static TrustAnchors read(List<Path> pems) throws IOException {
        try {
            if (pems.isEmpty()) {
                return new TrustAnchors(Set.of(), pkix(null));
            }
            List<X509Certificate> all = new ArrayList<>();
            for (Path pem : pems) {
                all.addAll(PemCertificates.read(pem));
            }
            List<X509Certificate> issuers =
                    all.stream().filter(TrustAnchors::isIssuer).toList();
            return new TrustAnchors(new HashSet<>(all), issuers.isEmpty() ? null : pkix(store(issuers)));
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java cannot check certificates: " + e.getMessage(), e);
        }
    }

    private static boolean isIssuer(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0;
    }

    private static KeyStore store(List<X509Certificate> issuers) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate issuer : issuers) {
            store.setCertificateEntry("issuer-" + store.size(), issuer);
        }
        return store;
    }

    private static X509ExtendedTrustManager pkix(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
