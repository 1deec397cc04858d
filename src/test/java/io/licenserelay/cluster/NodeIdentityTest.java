package io.licenserelay.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeIdentityTest {
    @Test
    void theApplicationNameOfANodeContainsItsName() {
        assertThat(NodeIdentity.applicationName("relay-1")).isEqualTo("license-relay relay-1");
    }

    @Test
    void longNamesOfNodesThatDifferOnlyAtTheirEndHaveApplicationNamesThatDiffer() {
        String common = "n".repeat(63);
        assertThat(NodeIdentity.applicationName(common + "1"))
                .hasSize(63)
                .startsWith("license-relay nnn")
                .isNotEqualTo(NodeIdentity.applicationName(common + "2"));
    }
}
