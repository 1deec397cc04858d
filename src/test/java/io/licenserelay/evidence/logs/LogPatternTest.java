package io.licenserelay.evidence.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.licenserelay.config.yaml.BadValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogPatternTest {
    @Test
    void aPatternMatchesAnyPartOfALine() throws Exception {
        assertThat(LogPattern.regex("status=5\\d\\d")
                        .matcher("GET / status=503 in 2 s")
                        .find())
                .isTrue();
        assertThat(LogPattern.regex("(?:[0-9]{1,3}\\.){3}[0-9]{1,3}:[0-9]{1,5} refused")
                        .matcher("to 10.0.0.7:443 refused")
                        .find())
                .isTrue();
        assertThat(LogPattern.regex("(?i)no SPACE").matcher("No space left").find())
                .isTrue();
    }

    @ParameterizedTest
    @Timeout(20)
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a(b                             | it is not a regular expression of RE2: missing closing )",
                "(?=a)b                          | it is not a regular expression of RE2: invalid or unsupported Perl syntax",
                "(a)\\1                          | it is not a regular expression of RE2: invalid escape sequence",
                "a{1001}                         | it is not a regular expression of RE2: invalid repeat count",
                "((a{1000}){1000}){1000}         | it is too costly",
                "((((a{99,}){99,}){99,}){99,})   | it is too costly",
                "(?:x{0,1000})?b                 | it is too costly",
                "a{1000}b{1000}                  | it is too costly",
                "(\\pL{500}){2}                  | it is too costly",
                "a*                              | it matches every line",
                "(?:error)?                      | it matches every line",
                "^                               | it matches every line",
            })
    void anUnusablePatternIsRejectedWithTheReason(String regex, String reason) {
        BadValue bad = catchThrowableOfType(BadValue.class, () -> LogPattern.regex(regex));
        assertThat(bad.reason()).startsWith(reason);
        assertThat(bad.fix()).isNotBlank();
    }

    @Test
    void aTooLongPatternIsRejected() throws Exception {
        assertThat(LogPattern.regex("a".repeat(500)).pattern()).hasSize(500);
        assertThat(catchThrowableOfType(BadValue.class, () -> LogPattern.regex("a".repeat(501)))
                        .reason())
                .isEqualTo("it is longer than 500 characters");
    }
}
