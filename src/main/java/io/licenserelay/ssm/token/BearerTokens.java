package io.licenserelay.ssm.token;

import io.licenserelay.http.HttpAnswerCheck;
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
 * Adds the bearer token to every request inside the HTTP client, so that routes and message headers never contain it. After the first 401
 * of a run, the request is repeated once with a new token. Every other 401 goes to the caller.
 */
public final class BearerTokens implements ExecChainHandler {
    private final TokenProvider tokens;

    public BearerTokens(TokenProvider tokens) {
        this.tokens = tokens;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AccessToken token = tokens.get();
        ClassicHttpResponse response = chain.proceed(authorized(request, token), scope);
        if (response.getCode() != 401) {
            return response;
        }
        Optional<AccessToken> renewedToken = renewed(token, response);
        if (renewedToken.isEmpty()) {
            return response;
        }
        EntityUtils.consumeQuietly(response.getEntity());
        response.close();
        return chain.proceed(authorized(request, renewedToken.get()), scope);
    }

    /** If no token is granted, the answer must be closed here; an open answer would keep its connection. */
    private Optional<AccessToken> renewed(AccessToken token, ClassicHttpResponse response) throws IOException {
        boolean expired = HttpAnswerCheck.reportsExpiredToken(valueOf(response.getFirstHeader("WWW-Authenticate")));
        try {
            return tokens.renewed(token, expired);
        } catch (IOException | RuntimeException notRenewed) {
            response.close();
            throw notRenewed;
        }
    }

    private static @Nullable String valueOf(@Nullable Header header) {
        return header == null ? null : header.getValue();
    }

    private static ClassicHttpRequest authorized(ClassicHttpRequest request, AccessToken token) {
        ClassicHttpRequest copy = ClassicRequestBuilder.copy(request).build();
        copy.setHeader("Authorization", "Bearer " + token.value());
        return copy;
    }
}
