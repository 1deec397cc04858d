package io.licenserelay.config;

import io.licenserelay.config.site.Api;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site.Reports;
import io.licenserelay.config.site.Site.Reports.Batch;
import io.licenserelay.config.site.Site.Reports.Push;
import io.licenserelay.config.site.Site.Ssm;
import io.licenserelay.config.yaml.AmountValues;
import io.licenserelay.config.yaml.KafkaNames;
import io.licenserelay.config.yaml.TextValues;
import io.licenserelay.config.yaml.YamlBlock;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the block {@code reports} of a site: whether and how usage reports are sent, and in which folders they are exchanged. */
final class ReportsReader {
    private static final String ACCEPT = "accept";

    private ReportsReader() {}

    /**
     * @param folder the site's folder
     * @param ssm null if it is invalid; that problem is already reported
     */
    static Reports read(YamlBlock site, Path folder, @Nullable Ssm ssm, ServerReader servers) {
        Path inbox = folder.resolve("inbox");
        Path outbox = folder.resolve("outbox");
        YamlBlock block = site.block("reports");
        if (block == null) {
            return new Reports(Push.OFF, inbox, outbox);
        }
        Push push = block.value("push", Push.OFF, TextValues.word(Push.class));
        Reports reports = new Reports(
                push,
                servers.path(block, "inbox", inbox),
                servers.path(block, "outbox", outbox),
                batch(block),
                block.value("ackWithin", Reports.ACK_WITHIN, AmountValues.days(1, 3650)),
                block.value("keep", Reports.KEEP, AmountValues.days(30, 36_500)),
                block.optional("topic", KafkaNames::topic),
                PolicyReader.read(block, push != Push.OFF),
                DevicesReader.read(block, servers));
        String unconfirmed = block.optional("unconfirmed", TextValues.word(ACCEPT));
        if (reports.push() == Push.API && ssm != null) {
            checkPaths(block, ssm, unconfirmed != null);
        }
        if (reports.push() == Push.MANAGER && !site.has("manager")) {
            block.problem(
                    "push",
                    "\"push\": manager needs the site's block manager",
                    "configure the Manager and its user: manager: { url: …, user: { name: …, password: … } }, or"
                            + " another push");
        }
        block.end();
        return reports;
    }

    private static Batch batch(YamlBlock reports) {
        YamlBlock block = reports.block("batch");
        if (block == null) {
            return Reports.BATCH;
        }
        Batch batch = new Batch(
                block.value("reports", Reports.BATCH.reports(), AmountValues.whole(1, 1000)),
                block.value("size", Reports.BATCH.size(), AmountValues.size(64 << 10, 16 << 20)));
        block.end();
        return batch;
    }

    /**
     * The paths by which SSM On-Prem accepts reports are not published. An operator who configures such paths must accept this explicitly.
     */
    private static void checkPaths(YamlBlock block, Ssm ssm, boolean accepted) {
        for (Resource resource : List.of(Resource.REPORT_USAGE, Resource.POLL)) {
            if (!ssm.paths().containsKey(resource)) {
                block.problem(
                        "push",
                        "\"push\": api " + ssm.api().wireName() + " has no confirmed path for " + resource.wireName(),
                        "write the path of your SSM: ssm: { paths: { " + resource.wireName()
                                + ": /… } }, or push: off");
            }
        }
        if (ssm.api() != Api.CSSM && !accepted) {
            block.problem(
                    "push",
                    "\"push\": api " + ssm.api().wireName() + " has no confirmed path for reports",
                    "add unconfirmed: accept to use your paths, or write push: off");
        }
    }
}
