package io.licenserelay.manager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagerVersionTest {
    @ParameterizedTest
    @CsvSource({
        "20.9.1, false",
        "20.9.0.02-li, true",
        "20.1.999-98, true",
        "20.10.1, false",
        "20.13.999-2952, false",
        "20.9, true",
        "20.9.1.1, false",
        "19.2.4, true",
        "21.1, false",
        "' 20.9.1-s1 ', false"
    })
    void versionsAreComparedNumericallyAndSuffixesAreIgnored(String version, boolean tooOld) {
        assertThat(ManagerVersion.of(version).orElseThrow().isBefore(ManagerVersion.ON_PREM))
                .isEqualTo(tooOld);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "latest", "v20.9", "..", "99999999.1"})
    void aTextThatDoesNotBeginWithTwoNumbersIsNotAVersion(String version) {
        assertThat(ManagerVersion.of(version)).isEmpty();
    }
}
