package io.licenserelay.reports.files;

import io.licenserelay.config.site.Place;
import io.licenserelay.event.Digests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Encodes names of accounts and devices as names of files and folders. Letters, digits and a few safe characters stay
 * unchanged. All other characters are percent-encoded, so that the name is valid on every platform and cannot lead out
 * of the folder.
 */
public final class FileNames {
    private static final String SAFE = " !#$&'()+,-.=@_{}";
    private static final int MAX_LENGTH = 120;

    private FileNames() {}

    public static String encode(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean stays = c < 128 && (Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0);
            boolean leadingDot = c == '.' && encoded.isEmpty();
            if (stays && !leadingDot) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        if (encoded.length() <= MAX_LENGTH) {
            return encoded.toString();
        }
        String hash = Digests.sha256(name.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
        return encoded.substring(0, MAX_LENGTH - 9) + "~" + hash;
    }

    /**
     * Decodes the name of an inbox folder: {@code East%2FWest} becomes East/West. A percent sign without two hex digits
     * stays unchanged.
     */
    public static String decode(String folder) {
        byte[] bytes = folder.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean encoded = bytes[i] == '%'
                    && i + 2 < bytes.length
                    && HexFormat.isHexDigit(bytes[i + 1])
                    && HexFormat.isHexDigit(bytes[i + 2]);
            decoded[length++] = encoded ? (byte) HexFormat.fromHexDigits(hexDigits(bytes, i)) : bytes[i];
            i += encoded ? 2 : 0;
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    /** The folder of a virtual account. */
    public static Path folder(Path root, Place va) {
        return root.resolve(encode(String.valueOf(va.account()))).resolve(encode(String.valueOf(va.va())));
    }

    private static String hexDigits(byte[] bytes, int percent) {
        return new String(bytes, percent + 1, 2, StandardCharsets.US_ASCII);
    }
}
