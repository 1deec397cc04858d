package io.licenserelay.event.kafka;

import io.licenserelay.config.site.Settings;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * Checks that the broker lets the relay see its transactional id. A broker that allows WRITE also allows this. It does not use the id,
 * because that would fence the relay that publishes now.
 */
public final class PublisherCheck {
    private final AdminRequests kafka;

    public PublisherCheck(Settings.Kafka kafka) {
        this.kafka = new AdminRequests(kafka);
    }

    /** @throws KafkaUnavailable when no broker answers, or the ACL is missing */
    public void require(String transactionalId) throws KafkaUnavailable, InterruptedException {
        kafka.request(admin -> {
            try {
                return kafka.answer(admin.describeTransactions(List.of(transactionalId))
                                .description(transactionalId))
                        != null;
            } catch (ExecutionException e) {
                // No relay has published yet.
                if (e.getCause() instanceof TransactionalIdNotFoundException) {
                    return true;
                }
                throw e;
            }
        });
    }
}
