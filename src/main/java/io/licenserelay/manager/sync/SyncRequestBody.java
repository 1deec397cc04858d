package io.licenserelay.manager.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.inventory.Places.Numbered;
import io.licenserelay.manager.state.SyncTerms;
import io.licenserelay.reports.manager.ManagerSyncRequest.WaitingAck;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * The body of a sync request as Cisco documents it: multipart/form-data, where {@code data} is JSON as text and {@code name} a file in
 * offline mode. That {@code uploadAck} has the same two parts is inferred.
 */
final class SyncRequestBody {
    private static final ContentType TEXT = ContentType.create("text/plain", StandardCharsets.UTF_8);
    private static final String NAME = "name";

    private SyncRequestBody() {}

    /** @param file the file to send, or null */
    static HttpEntity of(SyncTerms terms, List<Numbered> virtualAccounts, @Nullable WaitingAck file) {
        MultipartEntityBuilder parts =
                MultipartEntityBuilder.create().addTextBody("data", data(terms, virtualAccounts), TEXT);
        if (file != null) {
            parts.addBinaryBody(NAME, file.bytes(), ContentType.APPLICATION_OCTET_STREAM, fileName(file.name()));
        }
        return parts.build();
    }

    private static String data(SyncTerms terms, List<Numbered> virtualAccounts) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("mode", terms.mode()).put("multipleEntitlement", terms.multipleEntitlement());
        ArrayNode accounts = data.putArray("smartAccounts");
        Map<String, ArrayNode> byNumber = new LinkedHashMap<>();
        for (Numbered each : virtualAccounts) {
            byNumber.computeIfAbsent(each.ids().account(), number -> accounts.addObject()
                            .put("account_id", number)
                            .put(NAME, each.va().account())
                            .putArray("virtual_accounts"))
                    .addObject()
                    .put("virtual_account_id", each.ids().va());
        }
        return data.toString();
    }

    /** The file name without its folders, in ASCII letters that every server reads the same way. */
    private static String fileName(String name) {
        return name.substring(name.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
