package io.licenserelay.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Works that wait for it at the same time share a transaction, and so one wait for the disk. Each is
 * whole or not at all by itself: one that throws leaves nothing behind and disturbs no other. Thread-safe.
 */
final class Writer implements AutoCloseable {
    /** What waits besides goes with the next. */
    private static final int MOST = 64;

    private static final String OWN = "own";
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    private final Jdbi writing;
    private final Queue<Waiting<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(this::newThread);
    private volatile @Nullable Thread itself;

    Writer(Jdbi writing) {
        this.writing = writing;
    }

    private Thread newThread(Runnable work) {
        Thread writer = new Thread(work, "store-writer");
        writer.setDaemon(true);
        itself = writer;
        return writer;
    }

    /**
     * Runs the work, and returns once it is committed.
     *
     * @throws SQLException also when this is closed
     * @throws IllegalStateException when a work asks for another, which would wait for itself
     */
    <T> T run(Work<T> work) throws SQLException {
        return begin(work).outcome();
    }

    /** The same, and returns at once. */
    <T> Waiting<T> begin(Work<T> work) throws SQLException {
        return begin(new Single<>(work));
    }

    /** The same together with the items that wait for the same work. */
    <I> void run(JointWork<I> work, I item) throws SQLException {
        begin(new Joining<>(work, item)).outcome();
    }

    private <T> Waiting<T> begin(Waiting<T> mine) throws SQLException {
        if (Thread.currentThread() == itself) {
            throw new IllegalStateException("a work that writes is under way, and asks for another");
        }
        waiting.add(mine);
        try {
            thread.execute(this::commit);
        } catch (RejectedExecutionException e) {
            if (waiting.remove(mine)) {
                throw new SQLException("the store is closed", e);
            }
        }
        return mine;
    }

    /** What waits is committed before this returns, unless that takes more than a minute. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void commit() {
        List<Waiting<?>> together = new ArrayList<>();
        for (Waiting<?> next = waiting.poll(); next != null; next = together.size() < MOST ? waiting.poll() : null) {
            together.add(next);
        }
        if (together.isEmpty()) {
            return;
        }
        try {
            writing.useTransaction(tx -> {
                if (together.size() == 1) {
                    together.get(0).runFor(tx, together);
                } else {
                    parties(together).forEach(party -> runApart(tx, party));
                }
            });
        } catch (SQLException | RuntimeException | Error e) {
            together.forEach(each -> each.fail(e));
        }
        together.forEach(each -> each.done.countDown());
    }

    /** Who does it together, in the order in which the first of each came. */
    private static Collection<List<Waiting<?>>> parties(List<Waiting<?>> together) {
        return together.stream()
                .collect(Collectors.groupingBy(Waiting::with, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    /** Those that cannot be done together are done one by one. */
    private static void runApart(Handle tx, List<Waiting<?>> party) {
        tx.savepoint(OWN);
        try {
            party.get(0).runFor(tx, party);
            tx.release(OWN);
        } catch (SQLException | RuntimeException | Error e) {
            tx.rollbackToSavepoint(OWN);
            if (party.size() == 1) {
                party.get(0).thrown = e;
            } else {
                LOG.debug("{} works that were done together are done one by one", party.size(), e);
                party.forEach(each -> runApart(tx, List.of(each)));
            }
        }
    }

    private static final class Single<T> extends Waiting<T> {
        private final Work<T> work;

        Single(Work<T> work) {
            this.work = work;
        }

        @Override
        Object with() {
            return this;
        }

        @Override
        void runFor(Handle tx, List<Waiting<?>> all) throws SQLException {
            result(work.with(tx));
        }
    }

    /** One item of a work that is done for many. */
    private static final class Joining<I> extends Waiting<I> {
        private final JointWork<I> joint;
        private final I item;

        Joining(JointWork<I> joint, I item) {
            this.joint = joint;
            this.item = item;
        }

        @Override
        Object with() {
            return joint;
        }

        @Override
        void runFor(Handle tx, List<Waiting<?>> all) throws SQLException {
            List<Joining<I>> those = new ArrayList<>();
            for (Waiting<?> each : all) {
                @SuppressWarnings("unchecked") // They wait for the same work.
                Joining<I> joining = (Joining<I>) each;
                those.add(joining);
            }
            joint.with(tx, those.stream().map(each -> each.item).toList());
            those.forEach(each -> each.result(each.item));
        }
    }

    /** A work, and what comes of it. */
    abstract static class Waiting<T> {
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable T result;
        private @Nullable Throwable thrown;

        /** What is the same for those that are done together. */
        abstract Object with();

        /** Does it for all of them, this one too; they are {@link #with} the same. */
        abstract void runFor(Handle tx, List<Waiting<?>> all) throws SQLException;

        void result(T given) {
            result = given;
        }

        /** Nothing of the transaction was kept. */
        void fail(Throwable e) {
            thrown = thrown == null ? e : thrown;
        }

        /** Whoever is interrupted meanwhile still learns what came of it: the work is done all the same. */
        T outcome() throws SQLException {
            boolean interrupted = false;
            while (true) {
                try {
                    done.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
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
