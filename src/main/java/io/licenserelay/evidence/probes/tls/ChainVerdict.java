package io.licenserelay.evidence.probes.tls;

import io.licenserelay.config.tls.PinChanged;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.jspecify.annotations.Nullable;

/**
 * All problems of a server's certificates. The trust manager reports only the first problem, but an operator needs all of them.
 *
 * @param host the host that the certificate must match
 * @param refusal the exception of the site's trust manager, or null if it trusts the chain
 */
record ChainVerdict(
        String host, List<X509Certificate> chain, @Nullable CertificateException refusal, Instant now) {
    private static final Duration SOON = Duration.ofDays(30);

    /** At least one finding. */
    List<Finding> findings() {
        CertificateException rejection = refusal;
        if (rejection == null) {
            return trusted();
        }
        if (rejection instanceof PinChanged) {
            return List.of(new Finding(
                    Findings.TLS_PIN_CHANGED,
                    host + " presents a certificate other than the pinned one: " + Certificates.fingerprint(own())));
        }
        return rejected(rejection);
    }

    X509Certificate own() {
        return chain.get(0);
    }

    private List<Finding> trusted() {
        Instant end = own().getNotAfter().toInstant();
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(Findings.TLS_TRUSTED, "the certificate of " + host + " is trusted"));
        if (end.isBefore(now.plus(SOON))) {
            findings.add(new Finding(Findings.TLS_EXPIRES_SOON, "the certificate of " + host + " expires at " + end));
        }
        return findings;
    }

    private List<Finding> rejected(CertificateException rejection) {
        List<Finding> findings = new ArrayList<>();
        boolean expired = now.isAfter(own().getNotAfter().toInstant());
        boolean notYetValid = now.isBefore(own().getNotBefore().toInstant());
        if (expired || causedBy(rejection, CertificateExpiredException.class)) {
            findings.add(new Finding(Findings.TLS_EXPIRED, dates()));
        }
        if (notYetValid || causedBy(rejection, CertificateNotYetValidException.class)) {
            findings.add(new Finding(Findings.TLS_NOT_YET_VALID, dates()));
        }
        // A pinned certificate outside its validity dates is rejected without a cause; its name is irrelevant.
        if (isPinnedOutsideDates(rejection)) {
            return findings;
        }
        if (!matchesHost()) {
            findings.add(new Finding(Findings.TLS_NAME_MISMATCH, names()));
        }
        if (findings.isEmpty() || brokenPath(rejection)) {
            String issuer = chain.get(chain.size() - 1).getIssuerX500Principal().getName();
            findings.add(new Finding(Findings.TLS_UNTRUSTED, "no trusted CA issued the chain that ends at " + issuer));
        }
        return findings;
    }

    private static boolean isPinnedOutsideDates(CertificateException rejection) {
        return rejection instanceof CertificateExpiredException || rejection instanceof CertificateNotYetValidException;
    }

    /** Whether the chain leads to no trusted CA, for a reason other than dates. */
    private static boolean brokenPath(CertificateException rejection) {
        boolean path = causedBy(rejection, CertPathBuilderException.class)
                || causedBy(rejection, CertPathValidatorException.class);
        boolean dates = causedBy(rejection, CertificateExpiredException.class)
                || causedBy(rejection, CertificateNotYetValidException.class);
        return path && !dates;
    }

    private boolean matchesHost() {
        try {
            new DefaultHostnameVerifier().verify(host, own());
            return true;
        } catch (SSLException other) {
            return false;
        }
    }

    private String names() {
        List<String> names = Certificates.names(own());
        return "the certificate is for "
                + (names.isEmpty() ? own().getSubjectX500Principal().getName() : String.join(", ", names))
                + ", not for " + host;
    }

    private String dates() {
        X509Certificate wrong =
                chain.stream().filter(this::outsideDates).findFirst().orElse(own());
        return "at " + now + " the certificate "
                + wrong.getSubjectX500Principal().getName() + " is outside its validity period "
                + wrong.getNotBefore().toInstant() + " and "
                + wrong.getNotAfter().toInstant();
    }

    private boolean outsideDates(X509Certificate each) {
        return now.isBefore(each.getNotBefore().toInstant())
                || now.isAfter(each.getNotAfter().toInstant());
    }

    private static boolean causedBy(Throwable error, Class<? extends Throwable> type) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }
}
