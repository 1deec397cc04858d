package io.licenserelay.ssm;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

/**
 * Puts the bearer token on every request inside the HTTP client, so that routes and their headers never see one. A 401
 * gets one fresh token and one more try; a second 401 goes to the caller.
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
        EntityUtils.consumeQuietly(response.getEntity());
        response.close();
        tokens.refused(token);
        return chain.proceed(authorized(request, tokens.get()), scope);
    }

    private static ClassicHttpRequest authorized(ClassicHttpRequest request, Token token) {
        ClassicHttpRequest copy = ClassicRequestBuilder.copy(request).build();
        copy.setHeader("Authorization", "Bearer " + token.value());
        return copy;
    }
}
