package io.licenserelay.sync.request;

/** Observes requests while their requester waits. Both methods are called on the thread of the requester. */
public interface RequestListener {
    /** Ignores everything. */
    RequestListener NONE = new RequestListener() {
        @Override
        public void taken(String site, String node) {}

        @Override
        public void problem(String site, String problem) {}
    };

    /** Another relay works for the request from now on. */
    void taken(String site, String node);

    /** The work for the site did not end as requested, for a reason that its result does not contain. */
    void problem(String site, String problem);
}
