package io.licenserelay.store.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowDigestTest {
    private static final List<@Nullable Object> ONE = List.of(1L, "one");
    private static final List<@Nullable Object> TWO = List.of(2L, "two");

    @Test
    void theOrderOfTheRowsMakesNoDifference() {
        assertThat(of(ONE, TWO)).isEqualTo(of(TWO, ONE));
    }

    @Test
    void eachDifferenceOfARowMakesOne() {
        assertThat(List.of(
                        of(ONE),
                        of(TWO),
                        of(ONE, ONE),
                        of(ONE, TWO),
                        of(Arrays.asList(1L, null)),
                        of(Arrays.asList(1L, "")),
                        of(List.of("1", "one")),
                        of(List.of("ab", "c")),
                        of(List.of("a", "bc"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void aTableWithoutRowsHasTheDigestZero() {
        assertThat(of().rows()).isZero();
        assertThat(of().digest()).matches("0{64}");
    }

    @Test
    void theSumCarriesFromWordToWord() {
        RowDigest many = new RowDigest();
        for (int i = 0; i < 1_000; i++) {
            many.add(ONE);
        }
        BigInteger one = new BigInteger(of(ONE).digest(), 16);
        BigInteger sum = one.multiply(BigInteger.valueOf(1_000)).mod(BigInteger.ONE.shiftLeft(256));
        assertThat(new BigInteger(many.content().digest(), 16)).isEqualTo(sum);
    }

    @SafeVarargs
    private static CopiedTable.Content of(List<@Nullable Object>... rows) {
        RowDigest digest = new RowDigest();
        for (List<@Nullable Object> row : rows) {
            digest.add(row);
        }
        return digest.content();
    }
}
