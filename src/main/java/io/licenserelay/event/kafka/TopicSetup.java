package io.licenserelay.event.kafka;

import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Creates missing topics, and reports existing topics whose settings violate the contract. */
public final class TopicSetup {
    private static final long RETENTION = Duration.ofDays(30).toMillis();

    private final Settings settings;
    private final AdminRequests kafka;

    public TopicSetup(Settings settings) {
        this.settings = settings;
        this.kafka = new AdminRequests(settings.kafka());
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
        return kafka.request(this::ensure);
    }

    /**
     * The missing topics, without creating them.
     *
     * @throws KafkaUnavailable when no broker answers, or the broker refuses the request
     */
    public List<String> missing() throws KafkaUnavailable, InterruptedException {
        return kafka.request(admin -> {
            Set<String> existing = existing(admin);
            return requiredTopics().filter(Predicate.not(existing::contains)).toList();
        });
    }

    private Report ensure(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> existing = existing(admin);
        List<String> created =
                requiredTopics().filter(Predicate.not(existing::contains)).toList();
        Report report = new Report(created, new ArrayList<>(), new ArrayList<>());
        kafka.answer(
                admin.createTopics(created.stream().map(this::topic).toList()).all());
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
        return kafka.answer(admin.listTopics().names());
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
                kafka.answer(admin.describeConfigs(resources).all());
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
