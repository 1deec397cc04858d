package io.licenserelay.ssm;

import java.io.IOException;
import java.util.Optional;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Puts the bearer token on every request inside the HTTP client, so that routes and their headers never see one. The first 401
 * of a run gets one fresh token and one more try; every other 401 goes to the caller.
 */
final class BearerTokens implements ExecChainHandler {
    private final TokenProvider tokens;

    BearerTokens(TokenProvider tokens) {
        this.tokens = tokens;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Token token = tokens.get();
        ClassicHttpResponse response = chain.proceed(authorized(request, token), scope);
        if (response.getCode() != 401) {
            return response;
        }
        Optional<Token> another = renewed(token, response);
        if (another.isEmpty()) {
            return response;
        }
        EntityUtils.consumeQuietly(response.getEntity());
        response.close();
        return chain.proceed(authorized(request, another.get()), scope);
    }

    /** Without a token nobody reads the answer, and an answer that stays open keeps its connection for ever. */
    private Optional<Token> renewed(Token token, ClassicHttpResponse response) throws IOException {
        boolean expired = SsmAnswers.saysExpired(value(response.getFirstHeader("WWW-Authenticate")));
        try {
            return tokens.renewed(token, expired);
        } catch (IOException | RuntimeException none) {
            response.close();
            throw none;
        }
    }

    private static @Nullable String value(@Nullable Header header) {
        return header == null ? null : header.getValue();
    }

    private static ClassicHttpRequest authorized(ClassicHttpRequest request, Token token) {
        ClassicHttpRequest copy = ClassicRequestBuilder.copy(request).build();
        copy.setHeader("Authorization", "Bearer " + token.value());
        return copy;
    }
}
