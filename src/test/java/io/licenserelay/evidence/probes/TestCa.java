package io.licenserelay.evidence.probes;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that issues the certificates of a test. */
public final class TestCa {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final X500Name name;
    private final KeyPair keys = keys();
    private final X509Certificate certificate;

    public TestCa(String name) throws Exception {
        this.name = new X500Name("CN=" + name);
        Instant now = Instant.now();
        this.certificate = sign(
                this.name,
                keys,
                this.name,
                keys,
                now.minus(Duration.ofDays(400)),
                now.plus(Duration.ofDays(400)),
                true);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** Issues a certificate that is valid for one year from yesterday. */
    public Server server(String... names) throws Exception {
        Instant now = Instant.now();
        return server(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(364)), names);
    }

    public Server server(Instant from, Instant to, String... names) throws Exception {
        KeyPair own = keys();
        X500Name subject = new X500Name("CN=" + names[0]);
        X509Certificate leaf = sign(subject, own, name, keys, from, to, false, names);
        return new Server(own, List.of(leaf, certificate));
    }

    public static Path pem(Path file, X509Certificate... certificates) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            for (X509Certificate each : certificates) {
                pem.writeObject(each);
            }
        }
        return Files.writeString(file, text.toString(), StandardCharsets.US_ASCII);
    }

    /** A key with its chain. */
    public record Server(KeyPair keys, List<X509Certificate> chain) {
        SSLContext context() throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", keys.getPrivate(), new char[0], chain.toArray(Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        }

        public X509Certificate own() {
            return chain.get(0);
        }
    }

    private static X509Certificate sign(
            X500Name subject,
            KeyPair own,
            X500Name issuer,
            KeyPair signer,
            Instant from,
            Instant to,
            boolean authority,
            String... names)
            throws Exception {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(from),
                Date.from(to),
                subject,
                own.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (names.length > 0) {
            GeneralName[] alternatives =
                    Stream.of(names).map(TestCa::alternative).toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }

    private static GeneralName alternative(String name) {
        return new GeneralName(ResolvedAddresses.literal(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }
}
