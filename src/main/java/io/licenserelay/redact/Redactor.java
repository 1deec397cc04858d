package io.licenserelay.redact;

import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.phrases.PhraseCursor.Separators;
import io.licenserelay.redact.phrases.Phrases;
import io.licenserelay.redact.rules.AuthorizationHeaders;
import io.licenserelay.redact.rules.CommandLines;
import io.licenserelay.redact.rules.Entropy;
import io.licenserelay.redact.rules.KeyNames;
import io.licenserelay.redact.rules.KnownValues;
import io.licenserelay.redact.rules.PrivateKeys;
import io.licenserelay.redact.rules.PromptAnswers;
import io.licenserelay.redact.rules.TokenPatterns;
import io.licenserelay.redact.rules.UrlPasswords;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Removes secrets from text: known values in every encoding; values at positions that denote a secret (names, headers, configurations,
 * command lines, sentences, URLs, keys); and long random words. Each secret is replaced by a mark such as {@code ***ab12cd***}. The mark is
 * the same for the same value in all encodings, so a reader can distinguish values.
 *
 * <p>Redaction never throws for any text, takes time proportional to its length, and is idempotent. Values shorter than four characters
 * occur in too many words, and a gap in a text that the relay itself publishes would confirm a value that occurs there: such values are
 * replaced only where a name, header or option denotes a secret. Client ids are not secret. Thread-safe.
 */
public final class Redactor {
    private static final int SALT_BYTES = 32;
    private static final List<RedactionRule> SHAPES = List.of(
            new KeyNames(),
            new Phrases("device-phrases.txt", Separators.BLANKS),
            new Phrases("sentence-phrases.txt", Separators.BLANKS),
            new Phrases("server-phrases.txt", Separators.QUOTES),
            new Phrases("command-phrases.txt", Separators.COMMAS),
            new PromptAnswers(),
            new AuthorizationHeaders(),
            new CommandLines(),
            new UrlPasswords(),
            new PrivateKeys(),
            new TokenPatterns(),
            new Entropy());
    private static final String SOURCE_UNAVAILABLE = "source-unavailable";

    private final Supplier<? extends Collection<char[]>> source;
    private final SecretMarks marks;
    private final RememberedSecrets remembered;

    /** When the source was last read, by the monotonic clock; 0 before. */
    private volatile long readAt;

    private Redactor(Supplier<? extends Collection<char[]>> source, byte[] salt) {
        this.source = source;
        this.marks = new SecretMarks(salt);
        this.remembered = new RememberedSecrets(marks);
    }

    /** Creates a redactor for these known values, which are copied. Marks differ between redactors. */
    public static Redactor of(Collection<char[]> secrets) {
        Redactor redactor = new Redactor(List::of, salt());
        redactor.remembered.add(secrets);
        return redactor;
    }

    /**
     * Creates a redactor that reads the known values from the source at each use, and remembers the newest few hundred earlier values,
     * because old logs contain old passwords. Marks differ between redactors.
     *
     * @param source returns new arrays, which are cleared after reading; should omit unreadable values rather than throw. If it throws,
     *     earlier values are still searched, and the counts contain {@code source-unavailable}
     */
    public static Redactor of(Supplier<? extends Collection<char[]>> source) {
        return new Redactor(source, salt());
    }

    /**
     * Like {@link #of(Supplier)}, with marks that depend only on value and salt.
     *
     * @param salt at least 16 bytes, to be kept secret: anyone who knows it can verify guesses at a password
     */
    public static Redactor of(Supplier<? extends Collection<char[]>> source, byte[] salt) {
        if (salt.length < 16) {
            throw new IllegalArgumentException("a salt of " + salt.length + " bytes is too short: use at least 16");
        }
        return new Redactor(source, salt.clone());
    }

    private static byte[] salt() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return salt;
    }

    /** Adds a known value, such as a new token. The newest few hundred are kept. The value is copied. */
    public void learn(char[] secret) {
        remembered.add(secret);
    }

    /** Redacts a text. */
    public String redact(String text) {
        return redactCounting(text).text();
    }

    /**
     * Redacts a text of which there may be many, such as a line of the relay's own log, without reading the source each time.
     *
     * @param age how long ago the source may have been read; values that were {@linkplain #learn learned} are always known
     */
    public String redact(String text, Duration age) {
        boolean recent = readAt != 0 && System.nanoTime() - readAt < age.toNanos();
        List<RedactionRule> rules = new ArrayList<>(SHAPES);
        Map<String, Integer> counts = new TreeMap<>();
        rules.add(recent ? remembered.index() : known(counts));
        return run(rules, "", text, counts).text();
    }

    /** Redacts a text and counts the replaced values of each rule. */
    Redacted redactCounting(String text) {
        Map<String, Integer> counts = new TreeMap<>();
        List<RedactionRule> rules = rules(counts);
        return run(rules, "", text, counts);
    }

    /** Redacts a tree: all strings, all names, and all values under a name that denotes a secret. A number there becomes a string. */
    public JsonNode redact(JsonNode tree) {
        Map<String, Integer> counts = new TreeMap<>();
        List<RedactionRule> rules = rules(counts);
        return new JsonRedactor((path, text, secret) -> {
                    String context = path.isEmpty() ? "" : path + "=";
                    List<RedactionRule> all = new ArrayList<>(rules);
                    if (secret) {
                        all.add(KeyNames.valueOf(path, context.length()));
                    }
                    return run(all, context, text, counts).text();
                })
                .redact(tree);
    }

    /**
     * Redacts the lines of a log as one text, because a private key spans several lines; it becomes one line. The lines have no line ends.
     */
    public List<String> redactLines(List<String> lines) {
        return List.of(redact(String.join("\n", lines)).split("\n", -1));
    }

    private List<RedactionRule> rules(Map<String, Integer> counts) {
        List<RedactionRule> rules = new ArrayList<>(SHAPES);
        rules.add(known(counts));
        return rules;
    }

    private KnownValues known(Map<String, Integer> counts) {
        try {
            Collection<char[]> secrets = source.get();
            remembered.add(secrets);
            readAt = System.nanoTime() | 1;
            secrets.forEach(secret -> Arrays.fill(secret, '\0'));
        } catch (RuntimeException unavailable) {
            counts.put(SOURCE_UNAVAILABLE, 1);
        }
        return remembered.index();
    }

    private Redacted run(List<RedactionRule> rules, String context, String text, Map<String, Integer> counts) {
        Redaction redaction = new Redaction(rules, marks);
        String redacted = redaction.of(context + text, context.length());
        redaction.counts().forEach((rule, count) -> counts.merge(rule, count, Integer::sum));
        return new Redacted(redacted, counts);
    }
}
