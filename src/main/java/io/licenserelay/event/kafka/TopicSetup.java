package io.licenserelay.event.kafka;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Creates missing topics, and reports existing topics whose settings violate the contract. */
public final class TopicSetup {
    private static final long RETENTION = Duration.ofDays(30).toMillis();

    private final Settings settings;

    public TopicSetup(Settings settings) {
        this.settings = settings;
    }

    /**
     * The result, one line per topic.
     *
     * @param wrong topics with wrong settings, each with the fix
     */
    public record Report(List<String> created, List<String> fine, List<String> wrong) {}

    /**
     * Creates missing topics with the broker's default replication, and checks the others.
     *
     * @throws KafkaUnavailable when no broker answers, or the broker refuses the request
     */
    public Report ensure() throws KafkaUnavailable, InterruptedException {
        return withAdmin(this::ensure);
    }

    /**
     * The missing topics, without creating them.
     *
     * @throws KafkaUnavailable when no broker answers, or the broker refuses the request
     */
    public List<String> missing() throws KafkaUnavailable, InterruptedException {
        return withAdmin(admin -> {
            Set<String> existing = existing(admin);
            return requiredTopics().filter(Predicate.not(existing::contains)).toList();
        });
    }

    private interface AdminRequest<T> {
        T to(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
    }

    private <T> T withAdmin(AdminRequest<T> request) throws KafkaUnavailable, InterruptedException {
        Map<String, Object> client = new HashMap<>(settings.kafka().client());
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.kafka().brokers());
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int)
                settings.kafka().timeout().toMillis());
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int)
                settings.kafka().timeout().dividedBy(2).toMillis());
        try (Admin admin = Admin.create(client)) {
            return request.to(admin);
        } catch (ExecutionException e) {
            throw new KafkaUnavailable(settings.kafka(), e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException | KafkaException e) {
            throw new KafkaUnavailable(settings.kafka(), e);
        }
    }

    private Report ensure(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> existing = existing(admin);
        List<String> created =
                requiredTopics().filter(Predicate.not(existing::contains)).toList();
        Report report = new Report(created, new ArrayList<>(), new ArrayList<>());
        answer(admin.createTopics(created.stream().map(this::topic).toList()).all());
        verify(admin, requiredTopics().filter(existing::contains).toList(), report);
        return report;
    }

    /** The names of all required topics, including those of enabled projections. */
    private Stream<String> requiredTopics() {
        return Stream.concat(
                Stream.of(Topic.values()).map(settings::topic), settings.projections().on().values().stream());
    }

    private boolean isCompacted(String name) {
        return name.equals(settings.topic(Topic.LICENSES));
    }

    private Set<String> existing(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        return answer(admin.listTopics().names());
    }

    private <T> T answer(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(settings.kafka().timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private NewTopic topic(String name) {
        Map<String, String> config = isCompacted(name)
                ? Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
                : Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(RETENTION));
        return new NewTopic(name, Optional.empty(), Optional.empty()).configs(config);
    }

    private void verify(Admin admin, List<String> names, Report report)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> configs =
                answer(admin.describeConfigs(resources).all());
        for (ConfigResource resource : resources) {
            String name = resource.name();
            String cleanup = Objects.requireNonNull(configs.get(resource), name)
                    .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                    .value();
            boolean compacted = cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
            if (compacted == isCompacted(name)) {
                report.fine.add(name);
            } else {
                String requiredTopics = isCompacted(name) ? "compact" : "delete";
                report.wrong.add(name + " has cleanup.policy=" + cleanup + "; set it to " + requiredTopics
                        + ": kafka-configs.sh --alter --entity-type topics --entity-name " + name
                        + " --add-config cleanup.policy=" + requiredTopics);
            }
        }
    }
}
