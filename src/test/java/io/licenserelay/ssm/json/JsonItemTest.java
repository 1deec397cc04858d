package io.licenserelay.ssm.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class JsonItemTest {
    @Test
    void aNulCharacterWhichADatabaseMayNotStoreIsReplaced() {
        JsonItem item = new JsonItem(Set.of("license"));
        item.start("", "licenses", 0);
        item.put("license", "DNA\0Advantage");
        assertThat(item.text("license")).isEqualTo("DNA\uFFFDAdvantage");
    }
}
