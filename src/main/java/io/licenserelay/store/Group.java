package io.licenserelay.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Works that wait for the writer at the same time share a transaction, and so one wait for the disk. Each is whole or not at
 * all by itself: one that throws leaves nothing behind and disturbs no other. Thread-safe.
 */
final class Group {
    /** What waits besides goes with the next. */
    private static final int MOST = 64;

    private static final String OWN = "own";

    private final Jdbi writing;
    private final Queue<Waiting<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock(true);

    Group(Jdbi writing) {
        this.writing = writing;
    }

    /** Runs the work, perhaps on another thread that came here too, and returns once it is committed. */
    <T> T run(Work<T> work) throws SQLException {
        Waiting<T> mine = new Waiting<>(work);
        waiting.add(mine);
        turn.lock();
        try {
            while (!mine.done) {
                commit();
            }
        } finally {
            turn.unlock();
        }
        return mine.outcome();
    }

    private void commit() {
        List<Waiting<?>> together = new ArrayList<>();
        for (Waiting<?> next = waiting.poll(); next != null; next = together.size() < MOST ? waiting.poll() : null) {
            together.add(next);
        }
        try {
            writing.useTransaction(tx -> {
                for (Waiting<?> each : together) {
                    if (together.size() == 1) {
                        each.run(tx);
                    } else {
                        each.runApart(tx);
                    }
                }
            });
        } catch (SQLException | RuntimeException | Error e) {
            together.forEach(each -> each.fail(e));
        }
        together.forEach(each -> each.done = true);
    }

    /** Guarded by the turn. */
    private static final class Waiting<T> {
        private final Work<T> work;
        private boolean done;
        private @Nullable T result;
        private @Nullable Throwable thrown;

        Waiting(Work<T> work) {
            this.work = work;
        }

        void run(Handle tx) throws SQLException {
            result = work.with(tx);
        }

        void runApart(Handle tx) {
            tx.savepoint(OWN);
            try {
                run(tx);
                tx.release(OWN);
            } catch (SQLException | RuntimeException | Error e) {
                thrown = e;
                tx.rollbackToSavepoint(OWN);
            }
        }

        /** Nothing of the transaction was kept. */
        void fail(Throwable e) {
            thrown = thrown == null ? e : thrown;
        }

        T outcome() throws SQLException {
            if (thrown instanceof SQLException refused) {
                throw refused;
            }
            if (thrown instanceof RuntimeException failed) {
                throw failed;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            return Objects.requireNonNull(result, "a work gives something back");
        }
    }
}
