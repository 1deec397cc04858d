package io.licenserelay.simulator.ssm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.licenserelay.config.site.Grant;
import io.licenserelay.simulator.http.Call;
import io.licenserelay.simulator.http.Parameters;
import io.licenserelay.simulator.http.RequestLog;
import io.licenserelay.text.Json;
import io.licenserelay.text.WireNamed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /oauth/token} with the checks of Doorkeeper in its order: the grant type, the client, whether the client
 * may use this grant, the user, the scopes. So the error for a wrong secret hides a wrong password. Safe for use by
 * many threads.
 */
final class SimulatedTokenEndpoint {
    private final IssuedTokens tokens;
    private final RequestLog requests;
    private final WrongGrant wrongGrant;
    private final boolean sendsExpiresIn;
    private final Map<String, ApiClient> clients = new ConcurrentHashMap<>();
    private final Map<String, String> users = new ConcurrentHashMap<>();

    SimulatedTokenEndpoint(IssuedTokens tokens, RequestLog requests, WrongGrant wrongGrant, boolean sendsExpiresIn) {
        this.tokens = tokens;
        this.requests = requests;
        this.wrongGrant = wrongGrant;
        this.sendsExpiresIn = sendsExpiresIn;
    }

    void register(ApiClient client) {
        clients.put(client.id(), client);
    }

    void register(String user, String password) {
        users.put(user, password);
    }

    void answer(Call call) throws IOException {
        Parameters parameters;
        try {
            parameters = Parameters.of(call);
        } catch (IllegalArgumentException unreadable) {
            reject(call, 400, OAuthError.INVALID_REQUEST);
            return;
        }
        String type = parameters.get("grant_type");
        if (type == null) {
            reject(call, 400, OAuthError.INVALID_REQUEST);
            return;
        }
        Grant grant = grant(type);
        if (grant == null) {
            reject(call, 400, OAuthError.UNSUPPORTED_GRANT_TYPE);
            return;
        }
        requests.tokenRequest(grant);
        answer(call, parameters, grant);
    }

    private void answer(Call call, Parameters parameters, Grant grant) throws IOException {
        ApiClient client = client(call, parameters);
        if (client == null) {
            reject(call, 401, OAuthError.INVALID_CLIENT);
        } else if (!client.grants().contains(grant)) {
            reject(call, wrongGrant.status(), wrongGrant.error());
        } else if (grant == Grant.PASSWORD && !authenticateUser(client, parameters)) {
            reject(call, 400, OAuthError.INVALID_GRANT);
        } else if (parameters.get("scope") != null) {
            reject(call, 400, OAuthError.INVALID_SCOPE);
        } else {
            grant(call, client);
        }
    }

    private void grant(Call call, ApiClient client) throws IOException {
        String token = tokens.issue(client);
        ObjectNode granted = Json.object().put("access_token", token).put("token_type", "Bearer");
        if (sendsExpiresIn) {
            granted.put("expires_in", tokens.lifetime().toSeconds());
        }
        withoutCaching(call).answer(200, granted.put("created_at", tokens.now().getEpochSecond()));
    }

    static void reject(Call call, int status, OAuthError error) throws IOException {
        reject(call, status, error.wireName(), error.description());
    }

    /** Sends the same error in the body and in {@code WWW-Authenticate}, for every status. */
    static void reject(Call call, int status, String error, String description) throws IOException {
        call.with(
                "WWW-Authenticate",
                "Bearer realm=\"Doorkeeper\", error=\"" + error + "\", error_description=\"" + description + "\"");
        withoutCaching(call).answer(status, Json.object().put("error", error).put("error_description", description));
    }

    private static Call withoutCaching(Call call) {
        return call.with("Cache-Control", "no-store, no-cache");
    }

    private boolean authenticateUser(ApiClient client, Parameters parameters) {
        String name = parameters.get("username");
        String password = parameters.get("password");
        boolean known = name != null && password != null && same(users.get(name), password);
        boolean allowed = known && (client.owner() == null || client.owner().equals(name));
        requests.passwordAttempt(allowed);
        return allowed;
    }

    private @Nullable ApiClient client(Call call, Parameters parameters) {
        String id = parameters.get("client_id");
        String secret = parameters.get("client_secret");
        String authorization = call.header("Authorization");
        if (authorization != null && authorization.startsWith("Basic ")) {
            String[] pair = basic(authorization.substring("Basic ".length()));
            id = pair[0];
            secret = pair[1];
        }
        ApiClient client = id == null ? null : clients.get(id);
        return client != null && secret != null && same(client.secret(), secret) ? client : null;
    }

    private static String[] basic(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? new String[] {pair, ""}
                    : new String[] {pair.substring(0, colon), pair.substring(colon + 1)};
        } catch (IllegalArgumentException notBase64) {
            return new String[] {"", ""};
        }
    }

    private static boolean same(@Nullable String expected, String actual) {
        return expected != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), actual.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable Grant grant(String wireName) {
        return WireNamed.find(Grant.class, wireName).orElse(null);
    }
}
