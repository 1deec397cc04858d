package io.licenserelay.ssm.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerShapeTest {
    @Test
    void namesAndTypesAreReportedWithoutValues() {
        AnswerShape shape = AnswerShape.of("{\"status\":\"COMPLETE\",\"total\":2,\"licenses\":[{\"license\":\"DNA\","
                + "\"inUse\":1,\"details\":[{\"end\":null}]},{\"license\":\"X\",\"beta\":true}]}");
        assertThat(shape.whole()).isTrue();
        assertThat(shape.fields())
                .containsExactly(
                        "licenses[].beta: boolean",
                        "licenses[].details[].end: null",
                        "licenses[].inUse: number",
                        "licenses[].license: text",
                        "status: text",
                        "total: number");
    }

    @Test
    void aNameThatMayBeDataIsMasked() {
        AnswerShape shape = AnswerShape.of("{\"Größe & Söhne\":{\"a.b@example.net\":1},\"" + "x".repeat(60) + "\":2}");
        assertThat(shape.fields()).containsExactly("*.*: number", "*: number");
    }

    @Test
    void theReadPartOfATruncatedAnswerIsReportedAsIncomplete() {
        AnswerShape shape = AnswerShape.of("[{\"a\":1,\"b\":\"two");
        assertThat(shape.fields()).contains("[].a: number");
        assertThat(shape.whole()).isFalse();
    }

    @Test
    void aWebPageHasNoFields() {
        assertThat(AnswerShape.of("<html>").fields()).isEmpty();
        assertThat(AnswerShape.of("").fields()).isEmpty();
        assertThat(AnswerShape.of("[\"a\",\"b\"]").fields()).containsExactly("[]: text");
    }
}
