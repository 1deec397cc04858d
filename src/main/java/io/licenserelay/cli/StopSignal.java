package io.licenserelay.cli;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * SIGTERM, SIGINT and SIGHUP as an ordinary end: who waits for the signal puts its work down, and the process exits with the
 * code of its command. A second signal ends the process at once.
 */
public final class StopSignal {
    private static final int SIGNALLED = 128;

    private final CountDownLatch stopped = new CountDownLatch(1);

    private StopSignal() {}

    /** From now on these signals do not end the process by themselves. */
    public static StopSignal install() {
        StopSignal stop = new StopSignal();
        for (String name : List.of("TERM", "INT", "HUP")) {
            try {
                Signal.handle(new Signal(name), stop::received);
            } catch (IllegalArgumentException notHere) {
                // Without the signal (Windows has no HUP), or with java -Xrs, the JVM's own way stays.
                System.getLogger(StopSignal.class.getName()).log(System.Logger.Level.DEBUG, notHere.getMessage());
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
