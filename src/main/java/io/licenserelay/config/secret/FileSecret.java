package io.licenserelay.config.secret;

import io.licenserelay.config.yaml.TextFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * @param given the path as written in the configuration
 * @param path the absolute path
 */
public record FileSecret(String given, Path path) implements Secret {

    @Override
    public char[] reveal() {
        byte[] bytes = bytes();
        try {
            CharBuffer chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            char[] value = Arrays.copyOf(chars.array(), withoutLineEnd(chars));
            Arrays.fill(chars.array(), '\0');
            if (value.length == 0) {
                throw new SecretUnavailable("secret file " + path + " is empty");
            }
            return value;
        } catch (CharacterCodingException e) {
            throw new SecretUnavailable("secret file " + path + " is not UTF-8");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private byte[] bytes() {
        try {
            return TextFile.bytes(path, Secrets.MAX_BYTES);
        } catch (IOException e) {
            throw new SecretUnavailable("secret file " + e.getMessage());
        }
    }

    private static int withoutLineEnd(CharBuffer chars) {
        int end = chars.limit();
        if (end > 0 && chars.get(end - 1) == '\n') {
            end--;
            return end > 0 && chars.get(end - 1) == '\r' ? end - 1 : end;
        }
        return end;
    }

    @Override
    public String source() {
        return "file:" + given;
    }

    @Override
    public String toString() {
        return "***";
    }
}
