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
 * Refuses an answer that is compressed many times over: every {@code Content-Encoding} costs a decoder, and a server may name thousands.
 * It stands between the connection and the client's own decoding.
 */
final class ContentCodingLimit implements ExecChainHandler {
    private static final int MOST = 2;

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        int codings = codings(response);
        if (codings > MOST) {
            scope.execRuntime.discardEndpoint();
            throw BadAnswer.tooLarge(
                    "the answer is compressed " + codings + " times over; at most " + MOST + " are read");
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
