package io.licenserelay.event.kafka;

import io.licenserelay.config.site.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Administrative requests of a command, each with a client of its own and within {@code relay.kafka.timeout}. */
final class AdminRequests {
    private final Settings.Kafka kafka;

    AdminRequests(Settings.Kafka kafka) {
        this.kafka = kafka;
    }

    /** Requests that share a client. */
    interface Requests<T> {
        T to(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
    }

    /** @throws KafkaUnavailable when no broker answers, or the broker refuses a request */
    <T> T request(Requests<T> requests) throws KafkaUnavailable, InterruptedException {
        Map<String, Object> client = new HashMap<>(kafka.client());
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.brokers());
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int)
                kafka.timeout().toMillis());
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int)
                kafka.timeout().dividedBy(2).toMillis());
        try (Admin admin = Admin.create(client)) {
            return requests.to(admin);
        } catch (ExecutionException e) {
            throw new KafkaUnavailable(kafka, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException | KafkaException e) {
            throw new KafkaUnavailable(kafka, e);
        }
    }

    <T> T answer(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(kafka.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }
}
