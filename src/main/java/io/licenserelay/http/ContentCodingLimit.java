package io.licenserelay.http;

import io.licenserelay.http.failure.BadAnswer;
import java.io.IOException;
import java.util.Iterator;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeaderElementIterator;

/**
 * Rejects an answer with too many content codings: every {@code Content-Encoding} costs a decoder, and a server may name thousands. The
 * check runs before the client decodes the body.
 */
final class ContentCodingLimit implements ExecChainHandler {
    private static final int MAX_CODINGS = 2;

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        int codings = codings(response);
        if (codings > MAX_CODINGS) {
            scope.execRuntime.discardEndpoint();
            throw BadAnswer.tooLarge(
                    "the answer is compressed " + codings + " times over; the limit is " + MAX_CODINGS);
        }
        return response;
    }

    private static int codings(ClassicHttpResponse response) {
        Iterator<HeaderElement> elements =
                new BasicHeaderElementIterator(response.headerIterator(HttpHeaders.CONTENT_ENCODING));
        int codings = 0;
        while (elements.hasNext()) {
            elements.next();
            codings++;
        }
        return codings;
    }
}
