package io.licenserelay.ssm;

import io.licenserelay.site.Site;
import io.licenserelay.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in the database that a site's password was refused, so that no schedule repeats the attempt and locks
 * somebody's account. A changed password or client secret is a new credential and may be tried. What is kept of them is a
 * salted PBKDF2 print, fit for comparing and for nothing else.
 */
final class Refusals {
    private static final int ITERATIONS = 210_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final @Nullable Database database;
    private final boolean keeps;
    private final Clock clock;

    private Refusals(@Nullable Database database, boolean keeps, Clock clock) {
        this.database = database;
        this.keeps = keeps;
        this.clock = clock;
    }

    static Refusals keeping(Database database, Clock clock) {
        return new Refusals(database, true, clock);
    }

    /** Heeds what was kept and keeps nothing itself, for who looks beside a relay. */
    static Refusals heeding(@Nullable Database database, Clock clock) {
        return new Refusals(database, false, clock);
    }

    /** The refusal of just these credentials, if there is one. */
    Optional<Refusal> of(Site site) {
        return database == null ? Optional.empty() : kept(database, site);
    }

    private static Optional<Refusal> kept(Database database, Site site) {
        return database.read(tx -> tx.createQuery("SELECT * FROM credential WHERE site = :site")
                        .bind("site", site.name())
                        .map((row, context) -> new Kept(
                                row.getString("salt"),
                                row.getString("print"),
                                new Refusal(
                                        row.getString("error"),
                                        row.getInt("status"),
                                        Instant.ofEpochMilli(row.getLong("refused_at")))))
                        .findOne())
                .filter(kept -> same(kept, site))
                .map(Kept::refusal);
    }

    void remember(Site site, String error, int status) {
        if (database == null || !keeps) {
            return;
        }
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        String print = print(site, salt);
        database.write(tx -> tx.createUpdate("INSERT INTO credential"
                        + " (site, salt, print, error, status, refusals, refused_at)"
                        + " VALUES (:site, :salt, :print, :error, :status, 1, :now)"
                        + " ON CONFLICT (site) DO UPDATE SET salt = excluded.salt, print = excluded.print,"
                        + " error = excluded.error, status = excluded.status,"
                        + " refusals = credential.refusals + 1, refused_at = excluded.refused_at")
                .bind("site", site.name())
                .bind("salt", HexFormat.of().formatHex(salt))
                .bind("print", print)
                .bind("error", error)
                .bind("status", status)
                .bind("now", clock.millis())
                .execute());
    }

    void forget(Site site) {
        if (database == null || !keeps) {
            return;
        }
        database.write(tx -> tx.execute("DELETE FROM credential WHERE site = ?", site.name()));
    }

    private static boolean same(Kept kept, Site site) {
        String print = print(site, HexFormat.of().parseHex(kept.salt));
        return MessageDigest.isEqual(
                print.getBytes(StandardCharsets.US_ASCII), kept.print.getBytes(StandardCharsets.US_ASCII));
    }

    private static String print(Site site, byte[] salt) {
        char[] client = site.ssm().client().secret().reveal();
        Site.User user = site.ssm().user();
        char[] password = user == null ? new char[0] : user.password().reveal();
        char[] all = Arrays.copyOf(client, client.length + 1 + password.length);
        all[client.length] = '\n';
        System.arraycopy(password, 0, all, client.length + 1, password.length);
        try {
            byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(all, salt, ITERATIONS, 256))
                    .getEncoded();
            return HexFormat.of().formatHex(derived);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks PBKDF2WithHmacSHA256", e);
        } finally {
            Arrays.fill(client, '\0');
            Arrays.fill(password, '\0');
            Arrays.fill(all, '\0');
        }
    }

    /** What the server said, and when. */
    record Refusal(String error, int status, Instant at) {}

    private record Kept(String salt, String print, Refusal refusal) {}
}
