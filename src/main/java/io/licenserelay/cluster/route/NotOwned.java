package io.licenserelay.cluster.route;

/** An exchange began on a node that does not own its key any more. It fails before its first step, so that its consumer does not count it as done. */
public final class NotOwned extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotOwned(String key) {
        super("this node does not own " + key + " any more");
    }
}
