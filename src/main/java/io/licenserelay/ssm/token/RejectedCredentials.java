package io.licenserelay.ssm.token;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.store.Database;
import io.licenserelay.store.TransactionCallback;
import io.licenserelay.text.Sha256;
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
 * Stores the server's answer to a password attempt in the database, so that no schedule repeats the attempt and locks the account. A
 * changed user, password or client is a new credential and may be tried. Only a salted PBKDF2 hash of the secrets is stored; it is used
 * only to compare credentials. Thread-safe.
 */
public final class RejectedCredentials {
    private static final int ITERATIONS = 210_000;

    /** Limit of the characters of user, client and secrets together; real credentials are far shorter. */
    private static final int LONGEST = 64 * 1024;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final @Nullable Database database;
    private final AttemptWriter writer;
    private final Clock clock;
    private final SecretKeySpec key = new SecretKeySpec(random(32), "HmacSHA256");
    /** By name: the hash of the last used credential, because computing a hash takes a tenth of a second or more. */
    private final Map<String, CachedHash> last = new ConcurrentHashMap<>();

    private RejectedCredentials(@Nullable Database database, AttemptWriter writer, Clock clock) {
        this.database = database;
        this.writer = writer;
        this.clock = clock;
    }

    /** How an attempt is written. */
    @FunctionalInterface
    private interface AttemptWriter {
        int write(String site, TransactionCallback<Integer> work);
    }

    /** For the relay that works for the sites. */
    public static RejectedCredentials keeping(Database database, Clock clock) {
        return new RejectedCredentials(database, database::write, clock);
    }

    /** For a command of a person beside the relays that own the sites. It writes only what it observed itself. */
    public static RejectedCredentials besideOwners(Database database, Clock clock) {
        return new RejectedCredentials(database, (site, work) -> database.submit(work), clock);
    }

    /** Without a database: no attempt can be stored, so no password may be sent. */
    public static RejectedCredentials none(Clock clock) {
        return new RejectedCredentials(null, (site, work) -> 0, clock);
    }

    /** The wall clock was set: shifts the times of attempts, so that the pauses keep their length. */
    public static int clockStepped(Handle tx, Duration by) {
        return tx.execute("UPDATE credential_attempt SET attempted_at = attempted_at + ?", by.toMillis());
    }

    /** Whether answers can be stored. */
    boolean canStore() {
        return database != null;
    }

    /**
     * A credential.
     *
     * @param site the site that uses it
     * @param name the key in the database, one credential per name
     * @param who user and client, if there are any
     * @param secrets read again at every use
     */
    public record Credential(String site, String name, String who, List<Secret> secrets) {}

    /** The stored answer to this credential, if there is one. */
    public Optional<Refusal> of(Credential credential) {
        return database == null ? Optional.empty() : stored(database, credential);
    }

    private Optional<Refusal> stored(Database database, Credential credential) {
        return database.read(tx -> tx.createQuery("SELECT * FROM credential_attempt WHERE name = :name")
                        .bind("name", credential.name)
                        .map((row, context) -> new StoredRow(
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
                .filter(row -> matches(row, credential))
                .map(StoredRow::refusal);
    }

    /** Stores the newest refusal in place of the earlier answer. */
    public void remember(Credential credential, String error, int status) {
        remember(credential, new Refusal(Kind.REFUSAL, error, status, clock.instant(), null, 1));
    }

    /** Stores the attempt before the credential is sent. If the process ends before it stores the answer, the attempt still counts. */
    void recordSending(Credential credential, int outages) {
        remember(credential, new Refusal(Kind.SENT, "no answer was stored", 0, clock.instant(), null, outages));
    }

    /** Stores the result of the newest attempt in place of the earlier one. */
    void remember(Credential credential, Refusal answer) {
        if (database == null) {
            return;
        }
        // An attempt and its answer share one hash, because computing a hash is slow.
        byte[] salt = knownSalt(credential);
        String hash = hash(credential, salt);
        writer.write(credential.site, tx -> tx.createUpdate("INSERT INTO credential_attempt"
                        + " (name, salt, hash, kind, error, status, attempted_at, probe, outages)"
                        + " VALUES (:name, :salt, :hash, :kind, :error, :status, :at, :probe, :outages)"
                        + " ON CONFLICT (name) DO UPDATE SET salt = excluded.salt, hash = excluded.hash,"
                        + " kind = excluded.kind, error = excluded.error, status = excluded.status,"
                        + " attempted_at = excluded.attempted_at,"
                        + " probe = excluded.probe, outages = excluded.outages")
                .bind("name", credential.name)
                .bind("salt", HexFormat.of().formatHex(salt))
                .bind("hash", hash)
                .bind("kind", answer.kind.name().toLowerCase(Locale.ROOT))
                .bind("error", answer.error)
                .bind("status", answer.status)
                .bind("at", answer.at.toEpochMilli())
                .bind("probe", answer.probe)
                .bind("outages", answer.outages)
                .execute());
    }

    /** Deletes the stored answer, so that the credential may be tried again. */
    public void forget(Credential credential) {
        if (database == null) {
            return;
        }
        writer.write(
                credential.site, tx -> tx.execute("DELETE FROM credential_attempt WHERE name = ?", credential.name));
    }

    /** A name of fixed length for the parts of a credential. It contains no secret. */
    public static String digest(String parts) {
        return new Sha256().add(parts).hex().substring(0, 32);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private boolean matches(StoredRow row, Credential credential) {
        String hash = hash(credential, HexFormat.of().parseHex(row.salt));
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), row.hash.getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] knownSalt(Credential credential) {
        CachedHash known = last.get(credential.name);
        return known == null ? random(16) : known.salt;
    }

    private String hash(Credential credential, byte[] salt) {
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
            CachedHash known = last.get(credential.name);
            if (known != null && MessageDigest.isEqual(known.mac, mac) && Arrays.equals(known.salt, salt)) {
                return known.hash;
            }
            byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password, salt, ITERATIONS, 256))
                    .getEncoded();
            String hash = HexFormat.of().formatHex(derived);
            last.put(credential.name, new CachedHash(mac, salt, hash));
            return hash;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HmacSHA256 or PBKDF2WithHmacSHA256", e);
        } finally {
            Arrays.fill(all.array(), '\0');
            Arrays.fill(password, '\0');
        }
    }

    /** The key exists only in this object's memory. */
    private byte[] mac(char[] password) throws GeneralSecurityException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        Mac hmac = Mac.getInstance(key.getAlgorithm());
        hmac.init(key);
        hmac.update(bytes);
        Arrays.fill(bytes.array(), (byte) 0);
        return hmac.doFinal();
    }

    /** The result of an attempt. */
    public enum Kind {
        /** The server refused the credential. */
        REFUSAL,
        /** The server gave no answer about the credential: none at all, 429, 5xx, or a body without a token. */
        OUTAGE,
        /** The credential was sent, and no answer was stored. */
        SENT
    }

    /**
     * The server's answer to the newest attempt.
     *
     * @param error the server's error code, of low cardinality
     * @param status HTTP status; 0 if no answer was received
     * @param probe the class of answer to a request without the password at that time, see {@link #withProbe}; null if unknown
     * @param outages number of consecutive attempts without an answer about the credential, including this one
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

    private record CachedHash(byte[] mac, byte[] salt, String hash) {}

    private record StoredRow(String salt, String hash, Refusal refusal) {}
}
