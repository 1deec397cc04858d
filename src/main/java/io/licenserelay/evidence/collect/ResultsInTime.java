package io.licenserelay.evidence.collect;

import java.io.IOException;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * Gives each task of a collection what its branch of the fan-out ended with. What a branch threw stays with its task: neither the other
 * branches nor the route that fans out get to know it. Thread-safe.
 */
public final class ResultsInTime implements AggregationStrategy {
    /**
     * Takes what a branch ended with, on the thread of the branch.
     *
     * @throws IOException when it is a stream that breaks off
     * @throws BadProbeResult when it is not a result
     */
    public @Nullable Object receive(EvidenceTask<?> task, @Nullable Object body) throws IOException, BadProbeResult {
        return task.receive(body);
    }

    /** Nobody waits any longer, since the relay stops: each task without a result ends as interrupted, or as not begun. */
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
