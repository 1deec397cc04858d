package io.licenserelay.ssm;

import io.licenserelay.site.Secret;
import io.licenserelay.store.Database;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in the database what a server answered to a password, so that no schedule repeats the attempt and locks
 * somebody's account. A changed user, password or client is a new credential and may be tried. What is kept of them is a
 * salted PBKDF2 print, fit for comparing and for nothing else. Thread-safe.
 */
public final class Refusals {
    private static final int ITERATIONS = 210_000;

    /** Characters of user, client and secrets together; far more than any of them has. */
    private static final int LONGEST = 64 * 1024;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final @Nullable Database database;
    private final boolean keeps;
    private final Clock clock;
    private final SecretKeySpec key = new SecretKeySpec(random(32), "HmacSHA256");
    /** By name: the print of the credential used last, since computing one costs a tenth of a second and more. */
    private final Map<String, Known> last = new ConcurrentHashMap<>();

    private Refusals(@Nullable Database database, boolean keeps, Clock clock) {
        this.database = database;
        this.keeps = keeps;
        this.clock = clock;
    }

    public static Refusals keeping(Database database, Clock clock) {
        return new Refusals(database, true, clock);
    }

    /** Heeds what was kept and keeps nothing itself, for who looks beside a relay. */
    public static Refusals heeding(@Nullable Database database, Clock clock) {
        return new Refusals(database, false, clock);
    }

    /**
     * What is sent.
     *
     * @param name under which it is remembered, one credential a name: that of the site, or with a suffix
     * @param who user and client, as far as there are any
     * @param secrets read anew at every use
     */
    public record Credential(String name, String who, List<Secret> secrets) {}

    /** What was answered to just this credential, if anything was. */
    public Optional<Refusal> of(Credential credential) {
        return database == null ? Optional.empty() : kept(database, credential);
    }

    private Optional<Refusal> kept(Database database, Credential credential) {
        return database.read(tx -> tx.createQuery("SELECT * FROM credential WHERE name = :name")
                        .bind("name", credential.name)
                        .map((row, context) -> new Kept(
                                row.getString("salt"),
                                row.getString("print"),
                                new Refusal(
                                        row.getString("error"),
                                        row.getInt("status"),
                                        Instant.ofEpochMilli(row.getLong("refused_at")))))
                        .findOne())
                .filter(kept -> same(kept, credential))
                .map(Kept::refusal);
    }

    /** Keeps the newest answer; one that was kept before is forgotten. */
    public void remember(Credential credential, String error, int status) {
        if (database == null || !keeps) {
            return;
        }
        byte[] salt = random(16);
        String print = print(credential, salt);
        database.write(tx -> tx.createUpdate("INSERT INTO credential"
                        + " (name, salt, print, error, status, refusals, refused_at)"
                        + " VALUES (:name, :salt, :print, :error, :status, 1, :now)"
                        + " ON CONFLICT (name) DO UPDATE SET salt = excluded.salt, print = excluded.print,"
                        + " error = excluded.error, status = excluded.status,"
                        + " refusals = credential.refusals + 1, refused_at = excluded.refused_at")
                .bind("name", credential.name)
                .bind("salt", HexFormat.of().formatHex(salt))
                .bind("print", print)
                .bind("error", error)
                .bind("status", status)
                .bind("now", clock.millis())
                .execute());
    }

    /** It may be tried again. */
    public void forget(Credential credential) {
        if (database == null || !keeps) {
            return;
        }
        database.write(tx -> tx.execute("DELETE FROM credential WHERE name = ?", credential.name));
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

    /** What the server said, and when. */
    public record Refusal(String error, int status, Instant at) {}

    private record Known(byte[] mac, byte[] salt, String print) {}

    private record Kept(String salt, String print, Refusal refusal) {}
}
