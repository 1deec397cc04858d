package io.licenserelay.ssm.token;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.store.Database;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in the database what a server answered to a password, so that no schedule repeats the attempt and locks
 * somebody's account. A changed user, password or client is a new credential and may be tried. Of the secrets only a salted
 * PBKDF2 print is kept, which serves to compare and nothing else. Thread-safe.
 */
public final class RejectedCredentials {
    private static final int ITERATIONS = 210_000;

    /** Characters of user, client and secrets together; far more than any of them has. */
    private static final int LONGEST = 64 * 1024;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final @Nullable Database database;
    private final Clock clock;
    private final SecretKeySpec key = new SecretKeySpec(random(32), "HmacSHA256");
    /** By name: the print of the credential used last, since computing one costs a tenth of a second and more. */
    private final Map<String, Known> last = new ConcurrentHashMap<>();

    private RejectedCredentials(@Nullable Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    public static RejectedCredentials keeping(Database database, Clock clock) {
        return new RejectedCredentials(database, clock);
    }

    /** Nothing can be written down, so that no password may be sent. */
    public static RejectedCredentials none(Clock clock) {
        return new RejectedCredentials(null, clock);
    }

    /** Whether what is answered can be written down. */
    /** The wall clock was set: the pauses after attempts last as long as they would have. */
    public static int clockStepped(Handle tx, Duration by) {
        return tx.execute("UPDATE credential_attempt SET attempted_at = attempted_at + ?", by.toMillis());
    }

    boolean canKeep() {
        return database != null;
    }

    /**
     * What is sent.
     *
     * @param name under which it is remembered, one credential per name
     * @param who user and client, as far as there are any
     * @param secrets read anew at every use
     */
    public record Credential(String name, String who, List<Secret> secrets) {}

    /** What was answered to just this credential, if anything was. */
    public Optional<Refusal> of(Credential credential) {
        return database == null ? Optional.empty() : kept(database, credential);
    }

    private Optional<Refusal> kept(Database database, Credential credential) {
        return database.read(tx -> tx.createQuery("SELECT * FROM credential_attempt WHERE name = :name")
                        .bind("name", credential.name)
                        .map((row, context) -> new Kept(
                                row.getString("salt"),
                                row.getString("hash"),
                                new Refusal(
                                        Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                                        row.getString("error"),
                                        row.getInt("status"),
                                        Instant.ofEpochMilli(row.getLong("attempted_at")),
                                        row.getString("probe"),
                                        row.getInt("outages"))))
                        .findOne())
                .filter(kept -> same(kept, credential))
                .map(Kept::refusal);
    }

    /** Keeps the newest refusal; what was kept before is forgotten. */
    public void remember(Credential credential, String error, int status) {
        remember(credential, new Refusal(Kind.REFUSAL, error, status, clock.instant(), null, 1));
    }

    /** The credential is about to be sent. If the process dies before it writes down the answer, the attempt still counts. */
    void sending(Credential credential, int outages) {
        remember(credential, new Refusal(Kind.SENT, "no answer was written down", 0, clock.instant(), null, outages));
    }

    /** Keeps what came of the newest attempt; what was kept before is forgotten. */
    void remember(Credential credential, Refusal answer) {
        if (database == null) {
            return;
        }
        // An attempt and its answer share one print, which is slow to compute.
        byte[] salt = knownSalt(credential);
        String print = print(credential, salt);
        database.write(tx -> tx.createUpdate("INSERT INTO credential_attempt"
                        + " (name, salt, hash, kind, error, status, attempted_at, probe, outages)"
                        + " VALUES (:name, :salt, :print, :kind, :error, :status, :at, :probe, :outages)"
                        + " ON CONFLICT (name) DO UPDATE SET salt = excluded.salt, hash = excluded.hash,"
                        + " kind = excluded.kind, error = excluded.error, status = excluded.status,"
                        + " attempted_at = excluded.attempted_at,"
                        + " probe = excluded.probe, outages = excluded.outages")
                .bind("name", credential.name)
                .bind("salt", HexFormat.of().formatHex(salt))
                .bind("print", print)
                .bind("kind", answer.kind.name().toLowerCase(Locale.ROOT))
                .bind("error", answer.error)
                .bind("status", answer.status)
                .bind("at", answer.at.toEpochMilli())
                .bind("probe", answer.probe)
                .bind("outages", answer.outages)
                .execute());
    }

    /** It may be tried again. */
    public void forget(Credential credential) {
        if (database == null) {
            return;
        }
        database.write(tx -> tx.execute("DELETE FROM credential_attempt WHERE name = ?", credential.name));
    }

    /** A name of fixed length for what makes a credential; it holds no secret. */
    public static String digest(String parts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(parts.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private boolean same(Kept kept, Credential credential) {
        String print = print(credential, HexFormat.of().parseHex(kept.salt));
        return MessageDigest.isEqual(
                print.getBytes(StandardCharsets.US_ASCII), kept.print.getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] knownSalt(Credential credential) {
        Known known = last.get(credential.name);
        return known == null ? random(16) : known.salt;
    }

    private String print(Credential credential, byte[] salt) {
        CharBuffer all = CharBuffer.allocate(LONGEST);
        all.put(credential.who);
        for (Secret secret : credential.secrets) {
            char[] value = secret.reveal();
            all.put('\n').put(value, 0, Math.min(value.length, all.remaining() - 1));
            Arrays.fill(value, '\0');
        }
        char[] password = Arrays.copyOf(all.array(), all.position());
        try {
            byte[] mac = mac(password);
            Known known = last.get(credential.name);
            if (known != null && MessageDigest.isEqual(known.mac, mac) && Arrays.equals(known.salt, salt)) {
                return known.print;
            }
            byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password, salt, ITERATIONS, 256))
                    .getEncoded();
            String print = HexFormat.of().formatHex(derived);
            last.put(credential.name, new Known(mac, salt, print));
            return print;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HmacSHA256 or PBKDF2WithHmacSHA256", e);
        } finally {
            Arrays.fill(all.array(), '\0');
            Arrays.fill(password, '\0');
        }
    }

    /** Under a key that only this object has and that ends with it. */
    private byte[] mac(char[] password) throws GeneralSecurityException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        Mac hmac = Mac.getInstance(key.getAlgorithm());
        hmac.init(key);
        hmac.update(bytes);
        Arrays.fill(bytes.array(), (byte) 0);
        return hmac.doFinal();
    }

    /** What came of an attempt. */
    public enum Kind {
        /** The server refused the credential. */
        REFUSAL,
        /** The server gave no answer about the credential: none at all, 429, 5xx, or a body without a token. */
        OUTAGE,
        /** The credential was sent, and no answer was written down. */
        SENT
    }

    /**
     * What the server answered to the newest attempt.
     *
     * @param error in the server's words, of low cardinality
     * @param status of HTTP; 0 when no answer came
     * @param probe the class of answer that a request without the password got then, see {@link #withProbe}; null when unknown
     * @param outages how many attempts in a row got no answer about the credential, this one included
     */
    public record Refusal(
            Kind kind,
            String error,
            int status,
            Instant at,
            @Nullable String probe,
            int outages) {

        Refusal withProbe(@Nullable String answer) {
            return new Refusal(kind, error, status, at, answer, outages);
        }
    }

    private record Known(byte[] mac, byte[] salt, String print) {}

    private record Kept(String salt, String print, Refusal refusal) {}
}
