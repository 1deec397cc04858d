package io.licenserelay.simulator.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An in-memory certificate authority that issues server certificates. Safe for use by many threads. */
public final class CertificateAuthority {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair keys;
    private final X509Certificate certificate;

    private CertificateAuthority(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /**
     * Creates a certificate authority with a new key.
     *
     * @param name the common name, which appears in certificate chains
     */
    public static CertificateAuthority create(String name) {
        try {
            KeyPair keys = keys("EC", 256);
            X500Name subject = subject(name);
            Instant now = Instant.now();
            X509v3CertificateBuilder builder =
                    builder(subject, subject, keys, now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(3650)));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new CertificateAuthority(keys, sign(builder, keys));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("cannot create the CA " + name, e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** The CA's certificate as PEM text. */
    public String pem() {
        return PemText.certificates(List.of(certificate));
    }

    /** Writes {@link #pem()} to a file and returns its path. */
    public Path writeTo(Path file) {
        try {
            return Files.writeString(file, pem(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a context for clients that trusts only this CA. */
    public SSLContext trusting() {
        return TlsContexts.trusting(certificate);
    }

    /**
     * Starts to build a server certificate. By default it has an EC key and is valid for one year from yesterday.
     *
     * @param names DNS names and IP addresses; the first is also the common name
     */
    public CertificateBuilder server(String... names) {
        return new CertificateBuilder(this, List.of(names));
    }

    /** Issues a certificate that is signed by its own key, as SSM servers in production often have. */
    public static ServerCertificate selfSigned(String... names) {
        return new CertificateBuilder(null, List.of(names)).issue();
    }

    /** Builds one server certificate. */
    public static final class CertificateBuilder {
        private final @Nullable CertificateAuthority authority;
        private final List<String> names;
        private Instant notBefore = Instant.now().minus(Duration.ofDays(1));
        private Instant notAfter = notBefore.plus(Duration.ofDays(366));
        private boolean rsa;

        private CertificateBuilder(@Nullable CertificateAuthority authority, List<String> names) {
            if (names.isEmpty()) {
                throw new IllegalArgumentException("a server certificate needs a name");
            }
            this.authority = authority;
            this.names = names;
        }

        public CertificateBuilder valid(Instant from, Instant to) {
            notBefore = from;
            notAfter = to;
            return this;
        }

        /** Uses RSA with 2048 bits instead of EC P-256. Its generation takes longer. */
        public CertificateBuilder rsa() {
            rsa = true;
            return this;
        }

        public ServerCertificate issue() {
            try {
                KeyPair keys = rsa ? keys("RSA", 2048) : keys("EC", 256);
                X500Name subject = subject(names.get(0));
                X500Name issuer = authority == null ? subject : TlsContexts.subjectOf(authority.certificate);
                X509v3CertificateBuilder builder = builder(issuer, subject, keys, notBefore, notAfter);
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
                builder.addExtension(Extension.subjectAlternativeName, false, alternatives());
                X509Certificate leaf = sign(builder, authority == null ? keys : authority.keys);
                return new ServerCertificate(keys.getPrivate(), chain(leaf));
            } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
                throw new IllegalStateException("cannot issue a certificate for " + names, e);
            }
        }

        private List<X509Certificate> chain(X509Certificate leaf) {
            return authority == null ? List.of(leaf) : List.of(leaf, authority.certificate);
        }

        private GeneralNames alternatives() {
            return new GeneralNames(
                    names.stream().map(CertificateBuilder::alternative).toArray(GeneralName[]::new));
        }

        private static GeneralName alternative(String name) {
            boolean address = name.contains(":") || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
            return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
        }
    }

    private static X500Name subject(String name) {
        return new X500NameBuilder().addRDN(BCStyle.CN, name).build();
    }

    private static KeyPair keys(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits, RANDOM);
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, Instant from, Instant to)
            throws GeneralSecurityException, IOException {
        BigInteger serial = new BigInteger(64, RANDOM).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                        issuer, serial, Date.from(from), Date.from(to), subject, keys.getPublic())
                .addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer)
            throws GeneralSecurityException, OperatorCreationException {
        String algorithm = signer.getPrivate().getAlgorithm().toUpperCase(Locale.ROOT);
        String signature = algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(signer.getPrivate())));
    }
}
