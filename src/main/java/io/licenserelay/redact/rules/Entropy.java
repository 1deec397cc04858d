package io.licenserelay.redact.rules;

import io.licenserelay.redact.match.KeyName;
import io.licenserelay.redact.match.RedactionRule;
import io.licenserelay.redact.match.Span;
import io.licenserelay.redact.match.ValueBounds;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The last rule: finds long random words at positions of values. Skips random words that are not secret: digests and ids that a preceding
 * name declares as such, UUIDs, trace and exchange ids, paths, certificates.
 */
public final class Entropy implements RedactionRule {
    private static final int SHORTEST = 32;
    /**
     * The number of characters that must be in random parts: parts that change between letters, cases and digits as often as random text.
     */
    private static final int SHORTEST_RANDOM = 24;

    private static final double CHANGES_WITH_DIGITS = 0.33;
    private static final double CHANGES_WITHOUT = 0.45;
    private static final int LABEL = 64;
    private static final int SIGNATURE = 240;

    private static final Pattern UUID = Pattern.compile(
            "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])");
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]++");
    /** A git commit, unless its name denotes a key. */
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private static final Pattern KEY = Pattern.compile("key|auth|session|sid$|cred|api|priv|otp|nonce|csrf|xsrf|sign");
    /** W3C traceparent, and Camel's exchange ids. */
    private static final Pattern TRACE = Pattern.compile(
            "[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}|[0-9A-F]{15,16}-[0-9A-F]{16}|(?i:sha\\d{1,3}[-_/]).*+");

    private static final Pattern PUBLIC = Pattern.compile(
            ".*(?:sha\\d*+|md5|digest|fingerprint|thumbprint|checksum|commit|revision|etag|serial(?:number)?|trace|span"
                    + "|hash|signature|certificate|x509|smartlicense|payload|image|container|modulus|publickey"
                    + "|exchange|breadcrumb|(?<!session)id)s?$|.*signature.*|.*certificate.*");

    @Override
    public void find(String text, Consumer<Span> found) {
        List<PrivateKeys.Block> blocks = text.contains("-----BEGIN") ? PrivateKeys.blocks(text) : List.of();
        int block = 0;
        for (int at = 0; at < text.length(); ) {
            if (!isPart(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < text.length() && isPart(text.charAt(end))) {
                end++;
            }
            while (block < blocks.size() && blocks.get(block).end() <= at) {
                block++;
            }
            boolean framed = block < blocks.size() && blocks.get(block).start() <= at;
            if (end - at >= SHORTEST && !framed && isSecret(text, at, end)) {
                found.accept(new Span(at, ValueBounds.skip(text, end, "=", 2), "entropy", null));
            }
            at = end;
        }
    }

    private static boolean isPart(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '_' || c == '-');
    }

    private static boolean isSecret(String text, int start, int end) {
        char before = start == 0 ? ' ' : text.charAt(start - 1);
        if (text.charAt(start) == '/' || !(Character.isWhitespace(before) || "\"'`=:,;([{>|&?".indexOf(before) >= 0)) {
            return false;
        }
        String word = text.substring(start, end);
        if (TRACE.matcher(word).matches()) {
            return false;
        }
        String rest = UUID.matcher(word).replaceAll("-");
        boolean hex = HEX.matcher(rest).matches();
        if (hex && COMMIT.matcher(word).matches()) {
            return KEY.matcher(label(text, start)).find();
        }
        boolean random = hex ? rest.length() >= SHORTEST && isValue(before) : randomCharacters(rest) >= SHORTEST_RANDOM;
        return random && !isPublic(text, start);
    }

    /** Hex without a name is usually a digest that a tool prints. */
    private static boolean isValue(char before) {
        return "\"'=:".indexOf(before) >= 0;
    }

    /** The number of characters in parts, between punctuation, that may be random. */
    private static int randomCharacters(String word) {
        int random = 0;
        for (int at = 0; at < word.length(); ) {
            int end = at;
            while (end < word.length() && Character.isLetterOrDigit(word.charAt(end))) {
                end++;
            }
            random += isRandom(word, at, end) ? end - at : 0;
            at = end + 1;
        }
        return random;
    }

    private static boolean isRandom(String word, int start, int end) {
        int changes = 0;
        int digits = 0;
        for (int i = start; i < end; i++) {
            changes += i > start && kind(word.charAt(i)) != kind(word.charAt(i - 1)) ? 1 : 0;
            digits += Character.isDigit(word.charAt(i)) ? 1 : 0;
        }
        double share = (double) changes / Math.max(1, end - start - 1);
        return share >= (digits > 0 ? CHANGES_WITH_DIGITS : CHANGES_WITHOUT);
    }

    private static int kind(char c) {
        return Character.isDigit(c) ? 0 : Character.isUpperCase(c) ? 1 : 2;
    }

    private static boolean isPublic(String text, int start) {
        return PUBLIC.matcher(label(text, start)).matches()
                || text.substring(Math.max(0, start - SIGNATURE), start).contains("signing_type");
    }

    /** The normalized name before a value. */
    private static String label(String text, int start) {
        int end = start;
        while (end > 0 && start - end < 16 && !ValueBounds.isName(text.charAt(end - 1))) {
            end--;
        }
        int from = end;
        while (from > 0 && end - from < LABEL && ValueBounds.isName(text.charAt(from - 1))) {
            from--;
        }
        return KeyName.plain(text.substring(from, end));
    }
}
