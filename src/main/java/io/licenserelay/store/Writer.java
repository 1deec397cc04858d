package io.licenserelay.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The only thread that writes. Concurrent writes are grouped into one transaction, so they share one disk sync. Each write has its own
 * savepoint: a write that throws is rolled back and does not affect the others. Thread-safe.
 */
final class Writer implements AutoCloseable {
    /** The largest number of writes per transaction. Further writes go into the next transaction. */
    private static final int MOST = 64;

    private static final String OWN = "own";

    private final Jdbi writing;
    private final Queue<Write<?>> waiting = new ConcurrentLinkedQueue<>();
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
     * Runs the work, and returns after the commit. An interrupt does not end the wait, so the caller always gets the outcome.
     *
     * @throws SQLException also if this writer is closed
     * @throws IllegalStateException if the work itself starts another write, which would be a deadlock
     */
    <T> T run(TransactionCallback<T> work) throws SQLException {
        if (Thread.currentThread() == itself) {
            throw new IllegalStateException("a write must not start another write");
        }
        Write<T> mine = new Write<>(work);
        waiting.add(mine);
        try {
            thread.execute(this::commit);
        } catch (RejectedExecutionException e) {
            if (waiting.remove(mine)) {
                throw new SQLException("the store is closed", e);
            }
        }
        return mine.outcome();
    }

    /** Commits all waiting writes before it returns, for at most one minute. */
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
        List<Write<?>> together = new ArrayList<>();
        for (Write<?> next = waiting.poll(); next != null; next = together.size() < MOST ? waiting.poll() : null) {
            together.add(next);
        }
        if (together.isEmpty()) {
            return;
        }
        try {
            writing.useTransaction(tx -> {
                if (together.size() == 1) {
                    together.get(0).run(tx);
                } else {
                    together.forEach(each -> each.runApart(tx));
                }
            });
            together.forEach(Write::end);
        } catch (SQLException | RuntimeException | Error e) {
            together.forEach(each -> each.fail(e));
        }
    }

    /** A write and its outcome. */
    private static final class Write<T> {
        private final TransactionCallback<T> work;

        /** The log fields of the thread that waits for this write, for lines of its work. */
        private final @Nullable Map<String, String> fields = MDC.getCopyOfContextMap();

        private final CompletableFuture<T> committed = new CompletableFuture<>();
        private @Nullable T result;
        private @Nullable Throwable thrown;

        Write(TransactionCallback<T> work) {
            this.work = work;
        }

        void run(Handle tx) throws SQLException {
            if (fields != null) {
                MDC.setContextMap(fields);
            }
            try {
                result = work.with(tx);
            } finally {
                MDC.clear();
            }
        }

        void runApart(Handle tx) {
            tx.savepoint(OWN);
            try {
                run(tx);
                tx.release(OWN);
            } catch (SQLException | RuntimeException | Error e) {
                // Stored first: if the database has ended the transaction itself, the rollback to the savepoint also
                // throws.
                thrown = e;
                tx.rollbackToSavepoint(OWN);
            }
        }

        /** The transaction is committed. */
        void end() {
            if (thrown == null && result != null) {
                committed.complete(result);
            } else {
                fail(new NullPointerException("the work returned null"));
            }
        }

        /** The write was rolled back. Its own exception is more precise than that of the transaction. */
        void fail(Throwable e) {
            committed.completeExceptionally(thrown == null ? e : thrown);
        }

        T outcome() throws SQLException {
            try {
                return committed.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof SQLException refused) {
                    throw refused;
                }
                if (e.getCause() instanceof RuntimeException failed) {
                    throw failed;
                }
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e;
            }
        }
    }
}
