package io.licenserelay.redact.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.redact.Redactor;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownValuesTest {
    private final Redactor redactor = Redactor.of(List.of("s3cr\"e\\t/ä&<x> y+z".toCharArray(), "tok".toCharArray()));

    @Test
    void aValueHasTheSameMarkInEveryForm() {
        String mark = redactor.redact("s3cr\"e\\t/ä&<x> y+z");
        assertThat(mark).matches("\\*{3}[0-9a-f]{6}\\*{3}");
        for (String form : List.of(
                "s3cr\\\"e\\\\t\\/\\u00e4&<x> y+z",
                "s3cr\\\\\\\"e\\\\\\\\t/\\\\u00E4\\\\u0026<x> y+z",
                "s3cr%22e%5Ct%2F%C3%A4%26%3Cx%3E+y%2Bz",
                "s3cr%2522e%255ct%252f%25c3%25a4%2526%253cx%253e%2520y%252bz",
                "s3cr&quot;e\\t/&#228;&amp;&lt;x&gt; y+z",
                "s3cr&#34;e\\t/&#xE4;&#38;&lt;x>&#x20;y+z")) {
            assertThat(redactor.redact("<" + form + ">")).as(form).isEqualTo("<" + mark + ">");
        }
    }

    @Test
    void aValueIsFoundInsideALongerBase64Text() {
        for (String before : List.of("", "a", "ab", "client-id:")) {
            byte[] bytes = (before + "s3cr\"e\\t/ä&<x> y+z!").getBytes(UTF_8);
            assertThat(redactor.redact(Base64.getEncoder().encodeToString(bytes)))
                    .contains("***")
                    .doesNotContain("Vcd");
        }
    }
}
