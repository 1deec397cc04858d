package io.licenserelay.reports;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An acknowledgement as the server gave it. Published samples name the device alone; what else may stand in one is not
 * known, so a digest is looked for anywhere in it.
 *
 * @param udi the device it is for
 * @param base64 its content, which {@code license smart import} takes once decoded
 * @param digests everything that looks like the SHA-256 of a payload, in hex
 */
public record Ack(Udi udi, String base64, Set<String> digests) {
    private static final Pattern DIGEST = Pattern.compile("(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])");
    private static final int MOST_DIGESTS = 100;

    /**
     * Reads what it names.
     *
     * @param around the text in which it came
     * @throws IllegalArgumentException when it is no base64
     */
    public static Ack of(Udi udi, String base64, String around) {
        String content = new String(decoded(base64), StandardCharsets.ISO_8859_1);
        Set<String> digests = DIGEST.matcher(around + "\n" + content)
                .results()
                .limit(MOST_DIGESTS)
                .map(MatchResult::group)
                .map(digest -> digest.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        return new Ack(udi, base64, digests);
    }

    /** Whether it carries a policy besides; what stands in one is not published. */
    public boolean carriesPolicy() {
        return new String(bytes(), StandardCharsets.ISO_8859_1).contains("<smartLicensePolicy");
    }

    /**
     * Its content, decoded.
     *
     * @throws IllegalArgumentException when it is no base64
     */
    public byte[] bytes() {
        return decoded(base64);
    }

    private static byte[] decoded(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }
}
