package io.licenserelay.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PluralTest {

    @Test
    void onlyOneIsSingular() {
        assertThat(Plural.of(0, "report")).isEqualTo("0 reports");
        assertThat(Plural.of(1, "report")).isEqualTo("1 report");
        assertThat(Plural.of(2, "report")).isEqualTo("2 reports");
        assertThat(Plural.of(1, "entry", "entries")).isEqualTo("1 entry");
        assertThat(Plural.of(3, "event waits", "events wait")).isEqualTo("3 events wait");
    }
}
