package io.licenserelay.store.copy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A digest over rows: the sum of the SHA-256 of each row, modulo 2^256. It does not depend on the order of the rows, because the databases
 * sort text in different ways, and needs no memory per row.
 */
final class RowDigest {
    private static final byte NULL = 0;
    private static final byte NUMBER = 1;
    private static final byte TEXT = 2;
    private static final int WORDS = 4;
    private static final long UNSIGNED = 0xffff_ffffL;

    private final MessageDigest sha256;
    private final long[] sum = new long[WORDS];
    private long rows;

    RowDigest() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }

    /** @param values numbers as {@code Long}, text as {@code String}, in the order of the columns */
    void add(List<@Nullable Object> values) {
        for (Object value : values) {
            if (value == null) {
                sha256.update(NULL);
            } else if (value instanceof Long number) {
                sha256.update(NUMBER);
                sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
            } else {
                byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
                sha256.update(TEXT);
                sha256.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
                sha256.update(text);
            }
        }
        ByteBuffer row = ByteBuffer.wrap(sha256.digest());
        rows++;
        long carry = 0;
        for (int i = WORDS - 1; i >= 0; i--) {
            long word = row.getLong(i * Long.BYTES);
            long low = (sum[i] & UNSIGNED) + (word & UNSIGNED) + carry;
            long high = (sum[i] >>> 32) + (word >>> 32) + (low >>> 32);
            sum[i] = high << 32 | low & UNSIGNED;
            carry = high >>> 32;
        }
    }

    /** All rows so far. */
    CopiedTable.Content content() {
        StringBuilder digest = new StringBuilder();
        for (long word : sum) {
            digest.append(String.format(Locale.ROOT, "%016x", word));
        }
        return new CopiedTable.Content(rows, digest.toString());
    }
}
