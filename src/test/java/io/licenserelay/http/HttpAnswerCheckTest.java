package io.licenserelay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Step;
import io.licenserelay.evidence.TestSite;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.http.failure.HttpCall.Repeat;
import io.licenserelay.http.failure.SsmRefused;
import io.licenserelay.http.failure.SsmUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of an answer is read before the caller gets it. */
class HttpAnswerCheckTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private final HttpAnswerCheck answers = new HttpAnswerCheck(CLOCK);
    private final Site site = TestSite.at("https://ssm.example.net").site();

    /** An answer 401 whose body never arrives is a refusal, not an outage. */
    @ParameterizedTest
    @ValueSource(ints = {200, 401, 429, 503})
    void theBodyOfASessionRequestIsNotRead(int status) throws Exception {
        HttpAnswer answer = answers.answer(sessionCall(), response(status, new Unreadable()));
        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void anUnavailableServerThrowsForARepeatableRequest(int status) {
        HttpCall call = sessionCall().repeat(Repeat.AFTER_429);
        assertThatThrownBy(() -> answers.answer(call, response(status, InputStream.nullInputStream())))
                .isInstanceOf(SsmUnavailable.class);
    }

    @Test
    void theCheckThrowsTheRefusalOfACheckedRequest() throws Exception {
        HttpCall call = new HttpCall(
                site, site.place(), Step.ACCOUNTS, "GET", site.ssm().url() + "/a", null, CLOCK.instant());
        HttpAnswer answer = answers.answer(call, response(403, InputStream.nullInputStream()));
        assertThatThrownBy(() -> answers.check(answer)).isInstanceOf(SsmRefused.class);
    }

    @Test
    void cookiesReachTheSessionButNotTheExchangeRecord() throws Exception {
        BasicClassicHttpResponse response = response(200, InputStream.nullInputStream());
        response.addHeader("Set-Cookie", "JSESSIONID=s-1; Path=/");
        response.addHeader("Server", "example");
        HttpAnswer answer = answers.answer(sessionCall(), response);
        assertThat(answer.cookies()).containsExactly("JSESSIONID=s-1; Path=/");
        assertThat(answer.exchanged().headers()).containsOnlyKeys("server", "content-type");
    }

    private HttpCall sessionCall() {
        return HttpCall.ofSession(site, Step.TOKEN, "POST", site.ssm().url() + "/oauth/token", CLOCK.instant());
    }

    private static BasicClassicHttpResponse response(int status, InputStream body) {
        BasicClassicHttpResponse response = new BasicClassicHttpResponse(status);
        response.addHeader("Content-Type", "application/json");
        response.setEntity(new InputStreamEntity(body, ContentType.APPLICATION_JSON));
        return response;
    }

    private static final class Unreadable extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the body must not be read");
        }
    }
}
