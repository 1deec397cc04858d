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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Takes secrets out of text: the values that are known, in every form they are written in; whatever stands where a
 * secret stands (names, headers, configurations, command lines, sentences, URLs, keys); and long random words. Each becomes a mark such as
 * {@code ***ab12cd***}, the same one for the same value in all its forms, so that a reader can still tell values apart.
 *
 * <p>Redacting never throws on any text, takes time in proportion to it, and changes nothing the second time. Values
 * shorter than four characters are parts of too many words: they are replaced only where a name, header or option says
 * that a secret stands there. Client ids are not secret. Thread-safe.
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

    private Redactor(Supplier<? extends Collection<char[]>> source, byte[] salt) {
        this.source = source;
        this.marks = new SecretMarks(salt);
        this.remembered = new RememberedSecrets(marks);
    }

    /** Knows these values; they are copied. Marks differ from redactor to redactor. */
    public static Redactor of(Collection<char[]> secrets) {
        Redactor redactor = new Redactor(List::of, salt());
        redactor.remembered.add(secrets);
        return redactor;
    }

    /**
     * Knows what the source says at each use, and the newest few hundred values it said before: old logs hold old
     * passwords. Marks differ from redactor to redactor.
     *
     * @param source gives fresh arrays, which are cleared once they are read; should leave out what it cannot read rather
     *     than throw. If it throws, the values known before are still looked for, and the counts say
     *     {@code source-unavailable}
     */
    public static Redactor of(Supplier<? extends Collection<char[]>> source) {
        return new Redactor(source, salt());
    }

    /**
     * As {@link #of(Supplier)}, with marks that depend on nothing but value and salt.
     *
     * @param salt at least 16 bytes, kept secret: who has it can try guesses at a password against its mark
     */
    public static Redactor of(Supplier<? extends Collection<char[]>> source, byte[] salt) {
        if (salt.length < 16) {
            throw new IllegalArgumentException("a salt of " + salt.length + " bytes can be guessed: give at least 16");
        }
        return new Redactor(source, salt.clone());
    }

    private static byte[] salt() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return salt;
    }

    /** From now on knows this value too, such as a token just received; the newest few hundred are kept. It is copied. */
    public void learn(char[] secret) {
        remembered.add(secret);
    }

    /** The text without secrets. */
    public String redact(String text) {
        return redactCounting(text).text();
    }

    /** The text without secrets, and how many each rule replaced. */
    Redacted redactCounting(String text) {
        Map<String, Integer> counts = new TreeMap<>();
        List<RedactionRule> rules = rules(counts);
        return run(rules, "", text, counts);
    }

    /**
     * The same tree without secrets: in every text, in every name, and whatever stands under a name that means a secret.
     * A number there becomes a text.
     */
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
     * The lines of a log without secrets, read as one text, since a private key spans lines and becomes one. Lines
     * hold no line ends.
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
