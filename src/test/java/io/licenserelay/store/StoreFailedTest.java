package io.licenserelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreFailedTest {
    @ParameterizedTest
    @CsvSource({
        "22021, true", // a NUL character
        "22003, true", // a number out of range
        "54000, true", // a text that is too long for an index
        "2200H, false", // a sequence that is used up
        "23505, false", // a unique key
        "42703, false", // an unknown column
        "53100, false", // a full disk
        "08006, false", // no connection
        "XX001, false", // a damaged page
    })
    void anErrorOfPostgresqlIsTheFaultOfAValueOrNot(String state, boolean isValue) {
        assertThat(new StoreFailed(new SQLException("refused", state)).isRefusedValue())
                .isEqualTo(isValue);
    }

    /** The primary code is the low byte of the result code. */
    @ParameterizedTest
    @CsvSource({"18, true", "20, true", "19, false", "1811, false", "1, false", "13, false", "11, false"})
    void anErrorOfSqliteIsTheFaultOfAValueOrNot(int code, boolean isValue) {
        assertThat(new StoreFailed(new SQLException("refused", null, code)).isRefusedValue())
                .isEqualTo(isValue);
    }
}
