package io.licenserelay.evidence.collect;

import java.io.IOException;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * Gives each task the result of its branch. The exception of a branch stays in its task; other branches and the fan-out route do not
 * receive it. Thread-safe.
 */
public final class ResultsInTime implements AggregationStrategy {
    /**
     * Reads the result of a branch on the thread of the branch.
     *
     * @throws IOException when it is a stream that ends with an error
     * @throws BadProbeResult when it is not a valid result
     */
    public @Nullable Object receive(EvidenceTask<?> task, @Nullable Object body) throws IOException, BadProbeResult {
        return task.receive(body);
    }

    /** Ends the collection because the relay is stopping: each task without a result ends as interrupted or as not started. */
    public void stop(EvidenceCollection collection, Exception thrown) {
        if (ObjectHelper.getException(InterruptedException.class, thrown) == null) {
            collection.close();
        } else {
            collection.interrupt();
        }
    }

    @Override
    public Exchange aggregate(@Nullable Exchange first, Exchange branch) {
        throw new UnsupportedOperationException("the body of the fan-out is needed");
    }

    @Override
    public Exchange aggregate(@Nullable Exchange first, Exchange branch, Exchange input) {
        EvidenceCollection collection = input.getMessage().getBody(EvidenceCollection.class);
        int index = branch.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
        Exception thrown = branch.getException();
        collection.tasks().get(index).end(thrown == null ? branch.getMessage().getBody() : thrown);
        Exchange aggregated = first == null ? branch : first;
        aggregated.setException(null);
        aggregated.getMessage().setBody(collection);
        return aggregated;
    }
}
