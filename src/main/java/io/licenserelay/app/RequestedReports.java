package io.licenserelay.app;

import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.store.AtomicFiles;
import io.licenserelay.store.Database;
import io.licenserelay.store.OwnerOnly;
import io.licenserelay.sync.AwaitedRequests;
import io.licenserelay.sync.request.RequestContent;
import io.licenserelay.sync.request.RequestOutcome;
import io.licenserelay.sync.request.StoredRequest;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/** Does what operators request for the usage reports of owned sites from other machines. */
final class RequestedReports implements AwaitedRequests.ReportWork {
    private final Database database;
    private final ReportModule reports;
    private final Path data;

    /** @param data the data folder, for the file of a request while it is read */
    RequestedReports(Database database, ReportModule reports, Path data) {
        this.database = database;
        this.reports = reports;
        this.data = data;
    }

    @Override
    public RequestOutcome run(StoredRequest request) throws IOException {
        String argument = Objects.requireNonNullElse(request.argument(), "");
        try {
            Object answer =
                    switch (request.work()) {
                        case IMPORT -> importFile(request, argument);
                        case RESEND -> Json.object().put("told", reports.resend(argument));
                        case RETRY -> reports.retry(argument);
                        case SYNC -> throw new IllegalArgumentException("a sync is not work on reports");
                    };
            return new RequestOutcome.Answered(Json.MAPPER.valueToTree(answer));
        } catch (NotResendable e) {
            return new RequestOutcome.Refused(String.valueOf(e.getMessage()));
        } catch (Sites.UnknownSite e) {
            return new RequestOutcome.Failed(String.valueOf(e.getMessage()));
        }
    }

    private Object importFile(StoredRequest request, String name) throws IOException {
        Path received = data.resolve("import-" + UUID.randomUUID() + AtomicFiles.PART);
        try {
            try (OutputStream out = Channels.newOutputStream(
                    OwnerOnly.open(received, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                RequestContent.copy(database, request, out);
            }
            return reports.importFile(request.site(), name, received);
        } finally {
            Files.deleteIfExists(received);
        }
    }
}
