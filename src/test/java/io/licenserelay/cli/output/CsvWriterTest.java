package io.licenserelay.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvWriterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a|a",
                "a,b|\"a,b\"",
                "say \"x\"|\"say \"\"x\"\"\"",
                "=1+1|'=1+1",
                "@x,y|\"'@x,y\"",
                "-1|'-1",
                "+1|'+1"
            })
    void fieldsAreQuotedAndNeverFormulas(String given, String written) {
        assertThat(CsvWriter.field(given)).isEqualTo(written);
    }
}
