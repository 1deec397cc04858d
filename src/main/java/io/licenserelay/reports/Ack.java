package io.licenserelay.reports;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An acknowledgement as received from the server. In published samples an acknowledgement names only the device. The
 * rest of its format is not published, so {@link #of} searches all of the text for digests.
 *
 * @param udi the device that the acknowledgement is for
 * @param base64 the content, which {@code license smart import} accepts after decoding
 * @param digests every string that has the form of a SHA-256 in hex, and so may be the digest of a payload
 */
public record Ack(Udi udi, String base64, Set<String> digests) {
    private static final Pattern DIGEST = Pattern.compile("(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])");
    private static final int MAX_DIGESTS = 100;

    /**
     * Parses an acknowledgement and collects the digests in it.
     *
     * @param surroundingText the text that contained the acknowledgement
     * @throws IllegalArgumentException when {@code base64} is not valid base64
     */
    public static Ack of(Udi udi, String base64, String surroundingText) {
        String content = new String(decoded(base64), StandardCharsets.ISO_8859_1);
        Set<String> digests = DIGEST.matcher(surroundingText + "\n" + content)
                .results()
                .limit(MAX_DIGESTS)
                .map(MatchResult::group)
                .map(digest -> digest.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        return new Ack(udi, base64, digests);
    }

    /** Whether the acknowledgement also contains a policy. The format of the policy is not published. */
    public boolean carriesPolicy() {
        return new String(bytes(), StandardCharsets.ISO_8859_1).contains("<smartLicensePolicy");
    }

    /**
     * Returns the decoded content.
     *
     * @throws IllegalArgumentException when the content is not valid base64
     */
    public byte[] bytes() {
        return decoded(base64);
    }

    private static byte[] decoded(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }
}
