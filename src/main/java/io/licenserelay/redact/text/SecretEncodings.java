package io.licenserelay.redact.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The encodings of a secret, except for escapes, which the search decodes: plain, in the wrong charset, in hex, and in base64 at any
 * position of a longer text.
 */
public final class SecretEncodings {
    /** A shorter value occurs in too many words; only rules that know the position of values may replace it. */
    public static final int SHORTEST = 4;

    private static final int SHORTEST_LINE = 8;
    private static final int SHORTEST_IN_ANY_CASE = 8;

    private SecretEncodings() {}

    public static Collection<String> of(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        if (secret.codePointCount(0, secret.length()) < SHORTEST) {
            return forms;
        }
        forms.add(secret);
        secret.lines()
                .filter(line -> line.length() >= SHORTEST_LINE && !line.startsWith("-----"))
                .forEach(forms::add);
        misread(secret, forms);
        byte[] bytes = secret.getBytes(UTF_8);
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        base64(bytes, forms);
        base64(secret.getBytes(ISO_8859_1), forms);
        String url = URLEncoder.encode(secret, UTF_8);
        // RFC 6749, section 2.3.1: id and secret are form-encoded before they become a Basic header.
        base64(url.getBytes(UTF_8), forms);
        base64(url.replace("+", "%20").getBytes(UTF_8), forms);
        base64(secret.replace("\\", "\\\\").replace("\"", "\\\"").getBytes(UTF_8), forms);
        forms.removeIf(form -> form.codePointCount(0, form.length()) < SHORTEST);
        return forms;
    }

    /** The encodings that are compared without case: the value and its reverse. A short value would occur in too many words. */
    public static Collection<String> inAnyCase(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        if (secret.codePointCount(0, secret.length()) >= SHORTEST_IN_ANY_CASE) {
            forms.add(secret);
            forms.add(new StringBuilder(secret).reverse().toString());
        }
        return forms;
    }

    private static void misread(String secret, Set<String> forms) {
        if (US_ASCII.newEncoder().canEncode(secret)) {
            return;
        }
        forms.add(new String(secret.getBytes(UTF_8), ISO_8859_1));
        String ascii = new String(secret.getBytes(US_ASCII), US_ASCII);
        if (ascii.chars().filter(c -> c != '?').count() >= SHORTEST) {
            forms.add(ascii);
            forms.add(new String(secret.getBytes(US_ASCII), US_ASCII).replace('?', '\uFFFD'));
        }
    }

    /**
     * Three bytes become four characters, so a value has three encodings, depending on its position. Only characters that depend solely on
     * the value's bits are used.
     */
    private static void base64(byte[] bytes, Set<String> forms) {
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            int first = (before * 8 + 5) / 6;
            int end = shifted.length * 8 / 6;
            forms.add(
                    Base64.getEncoder().withoutPadding().encodeToString(shifted).substring(first, end));
            forms.add(Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(shifted)
                    .substring(first, end));
            Arrays.fill(shifted, (byte) 0);
        }
    }
}
