package io.licenserelay.redact;

import io.licenserelay.redact.match.Span;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Creates marks {@code ***ab12cd***} for secrets: six hex digits of a keyed hash. Equal secrets have equal marks, and guesses cannot be
 * verified without the salt.
 */
final class SecretMarks {
    private static final Pattern MARK = Pattern.compile("\\*\\*\\*[0-9a-f]{6}\\*\\*\\*");

    private final SecretKeySpec key;

    SecretMarks(byte[] salt) {
        key = new SecretKeySpec(salt, "HmacSHA256");
    }

    String of(String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] hash = mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            return "***" + HexFormat.of().formatHex(hash, 0, 3) + "***";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HmacSHA256, which every Java must have", e);
        }
    }

    /** The marks in a text, in order. */
    static List<Span> in(String text) {
        return MARK.matcher(text)
                .results()
                .map(found -> new Span(found.start(), found.end(), "mark", found.group()))
                .toList();
    }
}
