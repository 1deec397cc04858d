package io.licenserelay.cli;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * Handles SIGTERM, SIGINT and SIGHUP as a normal end: the waiting thread ends its work, and the process exits with the
 * exit code of its command. A second signal ends the process at once.
 */
public final class StopSignal {
    private static final int SIGNALLED = 128;

    private final CountDownLatch stopped = new CountDownLatch(1);

    private StopSignal() {}

    /** Installs the handlers. From then on these signals no longer end the process by default. */
    public static StopSignal install() {
        StopSignal stop = new StopSignal();
        for (String name : List.of("TERM", "INT", "HUP")) {
            try {
                Signal.handle(new Signal(name), stop::received);
            } catch (IllegalArgumentException e) {
                // If the signal does not exist (HUP on Windows) or the JVM runs with -Xrs, the JVM's default handling
                // stays.
                System.getLogger(StopSignal.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
            }
        }
        return stop;
    }

    /** Waits for the signal. */
    public void await() throws InterruptedException {
        stopped.await();
    }

    private void received(Signal signal) {
        if (stopped.getCount() == 0) {
            Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
        }
        stopped.countDown();
    }
}
