package io.licenserelay.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.licenserelay.evidence.HttpExchangeRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManagerAnswerTest {
    private static final String LOGIN = "\n<html><form action=\"j_security_check\"></form></html>";

    @Test
    void theLoginPageIsDistinguishedFromThePageOfAStartingServer() {
        assertThat(answer(LOGIN).isLoginPage()).isTrue();
        assertThat(answer("<html>The server is starting</html>").isLoginPage()).isFalse();
        assertThat(answer("").isLoginPage()).isFalse();
    }

    @Test
    void aLogThatBeginsWithATagIsNotAWebPage() {
        assertThat(answer("<rpc-reply>\n13-Jan-2023 …").isPageInsteadOf("text/plain"))
                .isFalse();
        assertThat(answer(LOGIN).isPageInsteadOf("text/plain")).isTrue();
        assertThat(answer("<!DOCTYPE html>").isPageInsteadOf("text/plain")).isTrue();
        assertThat(answer("<rpc-reply>").isPageInsteadOf("application/json")).isTrue();
    }

    private static ManagerAnswer answer(String body) {
        HttpExchangeRecord exchanged = new HttpExchangeRecord(
                "GET", "https://vmanage.example.net/x", 200, Map.of(), null, Instant.EPOCH, Duration.ZERO);
        return new ManagerAnswer(200, body, List.of(), exchanged);
    }
}
