package io.licenserelay.evidence.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissesTest {

    @ParameterizedTest
    @CsvSource({"ssm, sm", "ssm, ssms", "ssm, ssn", "ssm, sms", "ssm, xssm", "a, ''"})
    void oneEditIsAnInsertedMissingReplacedOrSwappedLetter(String a, String b) {
        assertThat(NearMisses.oneEditApart(a, b)).isTrue();
        assertThat(NearMisses.oneEditApart(b, a)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ssm, ssm", "ssm, s", "ssm, mss", "ssm, abc", "abcd, badc"})
    void equalNamesAndTwoEditsAreNotNearMisses(String a, String b) {
        assertThat(NearMisses.oneEditApart(a, b)).isFalse();
        assertThat(NearMisses.oneEditApart(b, a)).isFalse();
    }

    @Test
    void knownHostsComeFirstAndAtMostEightNamesAreReturned() {
        assertThat(NearMisses.of("CloudSSSO.cisco.com", List.of("cloudssso.cisco.org", "clouddssso.cisco.com")))
                .containsExactly("clouddssso.cisco.com", "cloudsso.cisco.com");
        assertThat(NearMisses.of("aabbccddeeffgghhiijjkk", List.of())).hasSize(8);
    }
}
