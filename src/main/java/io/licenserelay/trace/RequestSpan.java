package io.licenserelay.trace;

/** The span of one HTTP request, from the connection to the head of the answer. */
public interface RequestSpan extends AutoCloseable {
    /** Without a trace. */
    RequestSpan NONE = new RequestSpan() {
        @Override
        public void answered(int status) {}

        @Override
        public void failed(Exception why) {}

        @Override
        public void close() {}
    };

    void answered(int status);

    /** Records the class of the exception only: its message may contain a name or an address. */
    void failed(Exception why);

    /** Ends the span. */
    @Override
    void close();
}
