package io.licenserelay.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BoundedJsonTest {
    @Test
    void theTreeContainsEverythingInTheText() throws Exception {
        String text = "{\"a\":[1,{\"b\":null}],\"c\":{\"d\":\"e\"}}";
        assertThat(BoundedJson.tree(bytes(text), 100)).hasToString(text);
    }

    @Test
    void aTextWithMoreValuesThanTheLimitIsRejected() throws Exception {
        byte[] text = bytes("[" + "[],".repeat(50) + "0]");
        assertThat(BoundedJson.tree(text, 103)).hasSize(51);
        assertThatThrownBy(() -> BoundedJson.tree(text, 102))
                .isInstanceOf(StreamConstraintsException.class)
                .hasMessageContaining("more than 102 values and names");
    }

    @Test
    void anEmptyTextIsAMissingNodeAndATruncatedTextIsRejected() throws Exception {
        assertThat(BoundedJson.tree(bytes(""), 100).isMissingNode()).isTrue();
        assertThatThrownBy(() -> BoundedJson.tree(bytes("{\"a\": inv"), 100))
                .isInstanceOf(JsonProcessingException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
