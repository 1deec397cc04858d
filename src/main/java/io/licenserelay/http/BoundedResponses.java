package io.licenserelay.http;

import io.licenserelay.config.site.Site;
import io.licenserelay.http.failure.BadAnswer;
import io.licenserelay.text.FunnelInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Limits the size of every answer, and its time from the first byte to the last. When an answer was not read to its end, the connection is
 * closed; the client would otherwise read the rest to reuse the connection.
 */
final class BoundedResponses implements ExecChainHandler {
    private final Site.Limits limits;
    private final ScheduledExecutorService watchdog;

    BoundedResponses(Site.Limits limits, ScheduledExecutorService watchdog) {
        this.limits = limits;
        this.watchdog = watchdog;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        AtomicBoolean timedOut = new AtomicBoolean();
        ScheduledFuture<?> timer = watchdog.schedule(
                () -> {
                    timedOut.set(true);
                    scope.execRuntime.discardEndpoint();
                },
                limits.total().toMillis(),
                TimeUnit.MILLISECONDS);
        boolean returned = false;
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity != null) {
                // The client has decompressed the body but leaves Content-Encoding in place. Camel would decompress
                // the body a second time.
                if (response.removeHeaders(HttpHeaders.CONTENT_ENCODING)) {
                    response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
                }
                response.setEntity(new Bounded(entity, scope.execRuntime, timer, timedOut));
                returned = true;
            }
            return response;
        } catch (IOException e) {
            throw translate(e, timedOut.get());
        } finally {
            if (!returned) {
                timer.cancel(false);
            }
        }
    }

    /** The limit that the answer exceeded, as an exception; the original exception if no limit was exceeded. */
    private IOException translate(IOException thrown, boolean timedOut) {
        BadAnswer limitExceeded;
        if (timedOut) {
            limitExceeded = BadAnswer.tooLarge(
                    "the answer was not complete after " + limits.total().toSeconds() + " s (ssm.limits.total)");
        } else if (thrown instanceof MessageConstraintException) {
            limitExceeded = BadAnswer.tooLarge(
                    "a status line, header, trailer or chunk extension of the answer exceeds the limit of "
                            + ServerClient.HEAD_LIMITS.getMaxLineLength() + " bytes per line and "
                            + ServerClient.HEAD_LIMITS.getMaxHeaderCount()
                            + " headers: " + thrown.getMessage());
        } else {
            return thrown;
        }
        limitExceeded.initCause(thrown);
        return limitExceeded;
    }

    private final class Bounded extends HttpEntityWrapper {
        private final ExecRuntime runtime;
        private final ScheduledFuture<?> timer;
        private final AtomicBoolean timedOut;

        Bounded(HttpEntity entity, ExecRuntime runtime, ScheduledFuture<?> timer, AtomicBoolean timedOut) {
            super(entity);
            this.runtime = runtime;
            this.timer = timer;
            this.timedOut = timedOut;
        }

        @Override
        public InputStream getContent() throws IOException {
            return new BoundedStream(super.getContent(), this);
        }
    }

    private final class BoundedStream extends FunnelInputStream {
        private final Bounded entity;
        private long read;
        private boolean endReached;

        BoundedStream(InputStream in, Bounded entity) {
            super(in);
            this.entity = entity;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = readTranslated(buffer, offset, length);
            endReached = count < 0;
            read += Math.max(0, count);
            if (read > limits.bytes()) {
                throw BadAnswer.tooLarge("the answer is larger than " + limits.bytes() + " bytes (ssm.limits.size)");
            }
            return count;
        }

        private int readTranslated(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException e) {
                throw translate(e, entity.timedOut.get());
            }
        }

        @Override
        public void close() throws IOException {
            entity.timer.cancel(false);
            if (!endReached) {
                entity.runtime.discardEndpoint();
            }
            super.close();
        }
    }
}
