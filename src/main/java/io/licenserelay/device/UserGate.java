package io.licenserelay.device;

/**
 * Keeps the password that many devices share from being refused by all of them at once: their accounts are often kept in one place
 * (TACACS+, RADIUS) and lock there. Until a device has let the user in, two are asked at a time; once two have refused it and none has
 * let it in, nobody else is sent it. Thread-safe.
 */
final class UserGate {
    /** One refusal may be a device's own fault. */
    private static final int MOST = 2;

    private int asking;
    private int refusals;
    private boolean in;

    /** @param shut it was refused before: nobody is sent it */
    UserGate(boolean shut) {
        this.refusals = shut ? MOST : 0;
    }

    /**
     * Waits until the password may be sent; whoever got in leaves by {@link #leave}.
     *
     * @return whether it may be
     */
    synchronized boolean enter() throws InterruptedException {
        while (!in && refusals < MOST && asking + refusals >= MOST) {
            wait();
        }
        if (isShut()) {
            return false;
        }
        asking++;
        return true;
    }

    /** A device let the user in. */
    synchronized void letIn() {
        in = true;
        notifyAll();
    }

    /**
     * A device refused it.
     *
     * @return whether nobody is sent it from now on
     */
    synchronized boolean refused() {
        refusals++;
        notifyAll();
        return isShut();
    }

    synchronized void leave() {
        asking--;
        notifyAll();
    }

    private boolean isShut() {
        return !in && refusals >= MOST;
    }
}
