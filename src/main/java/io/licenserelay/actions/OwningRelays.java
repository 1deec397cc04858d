package io.licenserelay.actions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.licenserelay.reports.ImportResult;
import io.licenserelay.reports.files.FolderCheck;
import io.licenserelay.reports.ledger.LedgerView;
import io.licenserelay.reports.quarantine.Quarantine;
import io.licenserelay.reports.submit.NotResendable;
import io.licenserelay.store.Database;
import io.licenserelay.sync.request.OperatorRequests;
import io.licenserelay.sync.request.RequestListener;
import io.licenserelay.sync.request.RequestOutcome;
import io.licenserelay.sync.request.RequestedWork;
import io.licenserelay.sync.request.WorkOrder;
import io.licenserelay.sync.run.Sites;
import io.licenserelay.sync.run.SyncResult;
import io.licenserelay.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The relays of a cluster: each request goes to the owner of its site, through the shared database. Thread-safe. */
public final class OwningRelays implements RelayActions {
    private final Database database;
    private final OperatorRequests requests;
    private final Sites sites;
    private final Clock clock;

    public OwningRelays(Database database, OperatorRequests requests, Sites sites, Clock clock) {
        this.database = database;
        this.requests = requests;
        this.sites = sites;
        this.clock = clock;
    }

    @Override
    public List<SyncResult> sync(@Nullable String site, boolean accept, RequestListener listener)
            throws InterruptedException {
        List<WorkOrder> orders = sites.wanted(site).stream()
                .map(each -> WorkOrder.sync(each.name(), accept))
                .toList();
        List<RequestOutcome> outcomes = outcomes(orders, listener);
        List<SyncResult> results = new ArrayList<>();
        for (int i = 0; i < orders.size(); i++) {
            if (outcomes.get(i) instanceof RequestOutcome.Answered done) {
                results.addAll(Arrays.asList(read(done.answer(), SyncResult[].class)));
            } else {
                results.add(SyncResult.unfinished(orders.get(i).site(), 0));
            }
        }
        return results;
    }

    @Override
    public ImportResult importFile(String site, String name, Path file) throws IOException, InterruptedException {
        if (Files.size(file) > ReportActions.MOST_IMPORT_BYTES) {
            throw new RequestFailed(ReportActions.TOO_LARGE);
        }
        String known = sites.named(site).name();
        return read(execute(new WorkOrder(known, RequestedWork.IMPORT, name, file, false)), ImportResult.class);
    }

    @Override
    public String resend(String digest) throws IOException, InterruptedException {
        String site = new LedgerView(database)
                .startingWith(digest).stream()
                        .map(report -> report.place().site())
                        .findFirst()
                        .orElseThrow(() -> new NotResendable("No report " + digest + " is in the ledger."));
        return execute(new WorkOrder(site, RequestedWork.RESEND, digest, null, false))
                .path("told")
                .asText();
    }

    @Override
    public ImportResult retry(String id) throws IOException, InterruptedException {
        String site = Quarantine.shared(sites::all, FolderCheck.LOCAL, clock)
                .find(id)
                .orElseThrow(() -> NotResendable.notQuarantined(id))
                .place()
                .site();
        return read(execute(new WorkOrder(site, RequestedWork.RETRY, id, null, false)), ImportResult.class);
    }

    /** A sync has no file that could be unreadable. */
    private List<RequestOutcome> outcomes(List<WorkOrder> syncs, RequestListener listener) throws InterruptedException {
        try {
            return requests.execute(syncs, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode execute(WorkOrder order) throws IOException, InterruptedException {
        RequestOutcome outcome =
                requests.execute(List.of(order), RequestListener.NONE).get(0);
        if (outcome instanceof RequestOutcome.Answered done) {
            return done.answer();
        }
        if (outcome instanceof RequestOutcome.Refused refused) {
            throw new NotResendable(refused.reason());
        }
        String reason = outcome instanceof RequestOutcome.Untaken untaken
                ? untaken.reason()
                : ((RequestOutcome.Failed) outcome).reason();
        throw new RequestFailed(order.site() + ": " + reason);
    }

    private static <T> T read(JsonNode answer, Class<T> type) {
        try {
            return Json.MAPPER.treeToValue(answer, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the outcome of a request is damaged", e);
        }
    }
}
